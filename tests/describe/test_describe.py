"""Every described resource has an IRI of its own, made from what the documents state."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from lod import describe_question, to_ntriples
from lod.context import Node, published
from lod.definitions import DEFAULT_BASE
from lod.departements import departements_by_code
from lod.describe.shared import SharedResource, SharedResources
from lod.iri import Iris, SharedGraph
from lod.model import Answer, Author, JournalPage, Question, Text
from lod.shacl import Shapes
from tests.support.lives import ANSWERED, AWAITING, BY_DEPARTEMENT, BY_NAME, CORRECTED, IDENTIFIED

IRIS = Iris()
PLACELESS = sorted(code for code, departement in departements_by_code().items() if not departement.iri)


def shared(question: Question, key: str) -> dict[str, Any]:
    """Return the shared resources of a question that have a key, with its value."""
    return {node["id"]: node[key] for node in describe_question(question).nodes[1:] if key in node}


def common(question: Question) -> list[str]:
    """Return the common answers that the answers of a question are members of."""
    answers = describe_question(question).document["answers"]
    return [answer["memberOf"]["id"] for answer in answers if "memberOf" in answer]


def given(on: date, text: str) -> Answer:
    """Return an answer that is common to several questions."""
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


def test_the_issues_of_errata_are_described_with_the_question() -> None:
    assert max(page.on for page in CORRECTED.pages) == date(2026, 5, 19)


def test_two_authors_known_only_by_the_same_name_are_two_people() -> None:
    other = replace(BY_NAME.id, number=91016)
    assert IRIS.deputy(BY_NAME.id, BY_NAME.author) != IRIS.deputy(other, BY_NAME.author)


def test_an_author_without_id_and_name_is_named_as_that_of_the_question_alone() -> None:
    unknown = replace(BY_NAME, author=replace(BY_NAME.author, name=None))
    assert describe_question(unknown).document["author"]["id"].endswith("#depute")


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
def test_the_iri_made_from_the_document_alone_is_linked_to_the_official_one(
    stated: Author | None, names: set[str]
) -> None:
    stated_by = (stated,) if stated else ()
    question = replace(AWAITING, author=replace(IDENTIFIED, group=None), stated=stated_by)
    assert set(shared(question, "sameAs")) == {f"{DEFAULT_BASE}{name}" for name in names}


def test_a_deputy_without_an_official_id_is_not_linked() -> None:
    assert shared(replace(AWAITING, stated=(BY_NAME.author,)), "sameAs") == {}


@pytest.mark.parametrize("code", [*PLACELESS, "2A"])
def test_the_description_of_a_deputy_of_any_territory_conforms(code: str) -> None:
    question = replace(BY_DEPARTEMENT, author=replace(BY_DEPARTEMENT.author, departement=code))
    assert Shapes(DEFAULT_BASE).check(to_ntriples(describe_question(question)).encode(), 1) == []


@pytest.mark.parametrize("official", [1, 2])
def test_a_name_is_linked_to_the_official_iri_if_there_is_only_one(official: int) -> None:
    named, ids = (
        f"{DEFAULT_BASE}an/groupe/17/x#id",
        [f"{DEFAULT_BASE}an/organe/PO{n}#id" for n in range(official)],
    )
    described: Node = {"type": ["Organization"], "id": named, "prefLabel": "X"}
    every = SharedResources(published())
    every.add(SharedResource(SharedGraph.LINKS, {"id": named, "sameAs": [each]}) for each in ids)
    every.add([SharedResource(SharedGraph.PEOPLE, described)])
    found = [(resource.graph, resource.node) for resource in every.resources()]
    ties: list[tuple[SharedGraph | None, Node]] = [(SharedGraph.LINKS, {"id": named, "sameAs": ids})]
    assert found == [(SharedGraph.PEOPLE, described), *(ties if official == 1 else [])]
