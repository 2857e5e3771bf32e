"""Questions on the same matter are found by their texts alone, whatever else is in the release."""

import random
from datetime import date, timedelta

import pytest

from lod import Question, read_file
from lod.links.related import Cluster, Pair, QuestionText, find_clusters, similar_pairs
from tests.conftest import REAL_PAGES
from tests.links.test_citations import real_texts

DAY = date(2026, 3, 3)
MATTERS = (
    "les griffons des volières communales et leurs plumes dorées perdues en hiver",
    "les marées imaginaires des étangs salés et leurs horaires affichés au port",
    "les arcs de nuit visibles depuis les phares et leurs couleurs oubliées",
)


def asked(number: int, text: str, on: date = DAY) -> QuestionText:
    return QuestionText(f"https://data.example.org/an/17/qe/{number}", on, text)


def scores(texts: list[QuestionText]) -> dict[tuple[str, str], float]:
    return {(pair.one, pair.other): pair.score for pair in similar_pairs(texts)}


def invented(number: int) -> list[QuestionText]:
    drawn = random.Random(7)
    words = [word for matter in MATTERS for word in matter.split()]
    return [asked(100 + n, " ".join(drawn.choices(words, k=20))) for n in range(number)]


def test_a_score_stays_the_same_whatever_else_there_is_and_in_any_order() -> None:
    texts = [asked(n, MATTERS[n % 3] + f" selon le rapport {n}") for n in range(1, 7)]
    before, after = scores(texts), scores([*invented(100), *reversed(texts)])
    assert len(before) == 3
    assert {pair: after[pair] for pair in before} == before


def test_questions_asked_more_than_a_year_apart_are_not_compared() -> None:
    for days, found in ((365, 1), (366, 0)):
        texts = [asked(1, MATTERS[0]), asked(2, MATTERS[0], DAY + timedelta(days))]
        assert len(similar_pairs(texts)) == found


def test_a_copied_text_is_told_from_the_same_subject_in_other_words() -> None:
    copy, other = MATTERS[0] + " hélas", " ".join(reversed(MATTERS[0].split()))
    texts = [asked(1, MATTERS[0]), asked(2, copy), asked(3, other), asked(4, "")]
    copied = {(pair.one[-1], pair.other[-1]): pair.is_copied for pair in similar_pairs(texts)}
    assert copied == {("1", "2"): True, ("1", "3"): False, ("2", "3"): False}


def test_clusters_are_joined_by_average_and_not_by_a_chain() -> None:
    chain = [Pair(f"{n}", f"{n + 1}", 0.5 - n / 100, is_copied=False) for n in range(1, 6)]
    assert find_clusters(chain) == [
        Cluster((("1", 0.49), ("2", 0.49)), frozenset()),
        Cluster((("3", 0.47), ("4", 0.47)), frozenset()),
        Cluster((("5", 0.45), ("6", 0.45)), frozenset()),
    ]
    triangle = [Pair("1", "2", 0.4, is_copied=True), Pair("1", "3", 0.3, is_copied=False)]
    triangle.append(Pair("2", "3", 0.2, is_copied=False))
    expected = Cluster((("1", 0.35), ("2", 0.3), ("3", 0.25)), frozenset({"1", "2"}))
    assert find_clusters(triangle) == find_clusters(reversed(triangle)) == [expected]


@pytest.fixture(scope="module")
def campaign() -> list[QuestionText]:
    """The five real pages, which are one campaign in different words."""
    found = [each for each in read_file(REAL_PAGES) if isinstance(each, Question)]
    return [
        QuestionText(each.id.uid, each.published.on, each.text.plain if each.text else "") for each in found
    ]


@pytest.fixture(scope="module")
def others() -> list[QuestionText]:
    return [QuestionText(question.uid, on, text) for text, question, on in real_texts().values()]


def clusters_of(texts: list[QuestionText], some: set[str]) -> list[set[str]]:
    found = [{iri for iri, _ in cluster.members} for cluster in find_clusters(similar_pairs(texts))]
    return [members for members in found if members & some]


@pytest.mark.real
def test_the_campaign_is_exactly_one_cluster_alone_and_among_others(
    campaign: list[QuestionText], others: list[QuestionText]
) -> None:
    names = {each.iri for each in campaign}
    same_time = [each._replace(published_on=others[0].published_on) for each in campaign]
    assert len(names) == 5
    assert clusters_of(campaign, names) == clusters_of([*others, *same_time], names) == [names]


@pytest.mark.real
def test_the_nearest_four_of_each_question_of_the_campaign_are_the_others(
    campaign: list[QuestionText], others: list[QuestionText]
) -> None:
    names = {each.iri for each in campaign}
    same_time = [each._replace(published_on=others[0].published_on) for each in campaign]
    pairs = similar_pairs([*others, *same_time])
    for name in names:
        near = [pair.other if pair.one == name else pair.one for pair in pairs if name in pair[:2]]
        assert set(near[:4]) == names - {name}


@pytest.mark.real
def test_the_copied_texts_of_half_a_year_are_found(others: list[QuestionText]) -> None:
    copied = [cluster.copied for cluster in find_clusters(similar_pairs(others)) if cluster.copied]
    assert (len(copied), sum(map(len, copied))) == (9, 27)
