"""What is described has names of its own, made from what the documents state and shared with nobody else."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from lod import describe_question, to_ntriples
from lod.context import Node, published
from lod.definitions import DEFAULT_BASE
from lod.departements import departements_by_code
from lod.describe.shared import LINKS, PEOPLE, SharedResource, SharedResources
from lod.errors import BadValue
from lod.iri import Iris
from lod.model import Answer, Author, JournalPage, Question, Text
from lod.shacl import Shapes
from tests.support.lives import ANSWERED, AWAITING, BY_DEPARTEMENT, BY_NAME, CORRECTED, IDENTIFIED

IRIS = Iris()
PLACELESS = sorted(code for code, departement in departements_by_code().items() if not departement.iri)


def shared(question: Question, key: str) -> dict[str, Any]:
    """Give the shared resources of a question that have a key, with its value."""
    return {node["id"]: node[key] for node in describe_question(question).nodes[1:] if key in node}


def common(question: Question) -> list[str]:
    """Give the common answers that the answers of a question are members of."""
    answers = describe_question(question).document["answers"]
    return [answer["memberOf"]["id"] for answer in answers if "memberOf" in answer]


def given(on: date, text: str) -> Answer:
    """Make an answer that is common to several questions."""
    return Answer(published=JournalPage(on=on, page=None), text=Text(plain=text), first=AWAITING.id)


def test_common_answers_of_two_days_to_the_same_questions_are_two() -> None:
    answers = given(date(2026, 5, 5), "Oui."), given(date(2026, 6, 2), "Non.")
    first = IRIS.question(AWAITING.id)
    named = [f"{first}/reponse-commune/2026-05-05", f"{first}/reponse-commune/2026-06-02"]
    question = replace(ANSWERED, answers=answers)
    assert common(question) == named
    alone = {r.node["id"] for r in describe_question(question).shared if r.graph is None}
    assert set(named) < alone


def test_an_erratum_without_a_day_is_a_document_but_no_event() -> None:
    document = describe_question(CORRECTED).document
    assert [erratum["id"][-10:] for erratum in document["correctedBy"]] == ["11/erratum", "/erratum-2"]
    happened = [activity["id"].partition("#")[2] for activity in document["procedure"][0]["activities"]]
    assert [name for name in happened if "erratum" in name] == ["erratum", "reponse-erratum"]


def test_a_question_tells_of_the_days_of_its_errata() -> None:
    assert max(page.on for page in CORRECTED.pages) == date(2026, 5, 19)


def test_homonyms_of_whom_nothing_else_is_stated_are_two_people() -> None:
    other = replace(BY_NAME.id, number=91016)
    assert IRIS.deputy(BY_NAME.id, BY_NAME.author) != IRIS.deputy(other, BY_NAME.author)


def test_an_author_without_id_and_name_cannot_be_named() -> None:
    with pytest.raises(BadValue, match="an official id, or a name"):
        describe_question(replace(BY_NAME, author=replace(BY_NAME.author, name=None)))


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        (None, {"an/depute/17/01-41/zephyrine-exemple#id"}),
        (
            BY_DEPARTEMENT.author,
            {"an/depute/17/01-41/zephyrine-exemple#id", "an/depute/17/93/zephyrine-exemple#id"},
        ),
        (BY_NAME.author, {"an/depute/17/01-41/zephyrine-exemple#id", "an/17/qe/91001#depute"}),
        (replace(BY_NAME.author, official_id="PA9990001"), {"an/depute/17/01-41/zephyrine-exemple#id"}),
    ],
    ids=["nothing-else", "departement", "name", "official-id"],
)
def test_the_name_that_the_document_alone_would_give_is_tied_to_the_official_one(
    stated: Author | None, names: set[str]
) -> None:
    question = replace(AWAITING, author=replace(IDENTIFIED, group=None), stated=stated)
    assert set(shared(question, "sameAs")) == {f"{DEFAULT_BASE}{name}" for name in names}


def test_who_has_no_official_name_is_tied_to_none() -> None:
    assert shared(replace(AWAITING, stated=BY_NAME.author), "sameAs") == {}


@pytest.mark.parametrize("code", [*PLACELESS, "2A"])
def test_a_deputy_of_any_territory_is_described_as_the_shapes_want(code: str) -> None:
    question = replace(BY_DEPARTEMENT, author=replace(BY_DEPARTEMENT.author, departement=code))
    assert Shapes(DEFAULT_BASE).check(to_ntriples(describe_question(question)).encode(), 1) == []


@pytest.mark.parametrize("official", [1, 2])
def test_what_one_question_names_and_another_knows_is_described_and_tied_if_it_is_one(official: int) -> None:
    named, ids = (
        f"{DEFAULT_BASE}an/groupe/17/x#id",
        [f"{DEFAULT_BASE}an/organe/PO{n}#id" for n in range(official)],
    )
    described: Node = {"type": ["Organization"], "id": named, "prefLabel": "X"}
    every = SharedResources(published())
    every.add(SharedResource(LINKS, {"id": named, "sameAs": [each]}) for each in ids)
    every.add([SharedResource(PEOPLE, described)])
    found = [(resource.graph, resource.node) for resource in every.resources()]
    ties: list[tuple[str | None, Node]] = [(LINKS, {"id": named, "sameAs": ids})]
    assert found == [(PEOPLE, described), *(ties if official == 1 else [])]
