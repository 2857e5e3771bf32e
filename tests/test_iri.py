"""IRIs: one module builds them, takes them apart and matches them; no other spells one."""

import re
from collections.abc import Callable
from datetime import date

import msgspec
import pytest

from lod.definitions import DEFAULT_BASE
from lod.errors import BadValue
from lod.iri import (
    DEPUTY,
    THING,
    Iris,
    NTriplesPatterns,
    SharedGraph,
    fragment,
    last_segment,
    owning_question,
)
from lod.model import Author, Group, Journal, Ministry, QuestionId, QuestionKind, Seat
from tests.conftest import ROOT

BASE = "https://data.example.org/anq/"
IRIS, PATTERNS = Iris(BASE), NTriplesPatterns(BASE)
QUESTION = QuestionId(legislature=17, kind=QuestionKind.WRITTEN, number=16300)
SEAT = Seat(departement="44", number=9)
DAY = date(2026, 6, 23)
NAMED = Author(civility="Mme", name="Anne Exemple", official_id=None, seat=SEAT, group=None)
KNOWN = msgspec.structs.replace(NAMED, official_id="PA1")
HOMONYM = msgspec.structs.replace(NAMED, seat=None)
QUESTION_PATH = "an/17/qe/16300"
OWN, OF_QUESTION = "a graph of its own", "the graph of its question"

KINDS = {
    # the IRI below the base: how it is built, its document, its graph
    "an/17/qe/16300": (lambda: IRIS.question(QUESTION), "", OF_QUESTION),
    "an/17/qe/16300/fr": (lambda: IRIS.expression(IRIS.question(QUESTION)), "", OF_QUESTION),
    "an/17/qe/16300/reponse": (lambda: IRIS.answer(QUESTION), "", OF_QUESTION),
    "an/17/qe/16300/reponse-2": (lambda: IRIS.answer(QUESTION, 2), "", OF_QUESTION),
    "an/17/qe/16300/erratum": (lambda: IRIS.erratum(IRIS.question(QUESTION)), "", OF_QUESTION),
    "an/17/qe/16300#auteur": (lambda: IRIS.part(IRIS.question(QUESTION), "auteur"), "auteur", OF_QUESTION),
    "an/17/qe/16300#depute": (lambda: IRIS.deputy(QUESTION, HOMONYM), "depute", SharedGraph.PEOPLE),
    "an/17/qe/16300/reponse-commune/2026-06-23": (lambda: IRIS.common_answer(QUESTION, DAY), "", OWN),
    "jo/an-questions/2026-06-23": (lambda: IRIS.issue(DAY), "", OWN),
    "jo/an-debats/2026-06-23": (lambda: IRIS.issue(DAY, Journal.DEBATES), "", OWN),
    "an/circonscription/44-09": (lambda: IRIS.constituency(SEAT), "", SharedGraph.PLACES),
    "an/acteur/PA1#id": (lambda: IRIS.deputy(QUESTION, KNOWN), "id", SharedGraph.PEOPLE),
    "an/acteur/PA1#PM2": (lambda: IRIS.capacity(f"{BASE}an/acteur/PA1#id", "PM2"), "PM2", SharedGraph.PEOPLE),
    "an/depute/17/44-09/anne-exemple#id": (lambda: IRIS.deputy(QUESTION, NAMED), "id", SharedGraph.PEOPLE),
    "an/organe/PO1#id": (
        lambda: IRIS.group(17, Group(label="Exemple", official_id="PO1")),
        "id",
        SharedGraph.PEOPLE,
    ),
    "an/groupe/17/exemple#id": (
        lambda: IRIS.group(17, Group(label="Exemple", official_id=None)),
        "id",
        SharedGraph.PEOPLE,
    ),
    "gouvernement/ministere/sport#id": (
        lambda: IRIS.ministry(Ministry(label="Sport", official_id=None)),
        "id",
        SharedGraph.PEOPLE,
    ),
    "an/assemblee-nationale#id": (IRIS.chamber, "id", SharedGraph.PEOPLE),
    "an/17/qe/16300#description": (lambda: IRIS.description(QUESTION), "description", SharedGraph.METADATA),
    "an/17/qe/16300#lecture": (lambda: IRIS.run(QUESTION), "lecture", SharedGraph.METADATA),
    "an/17/qe/16300#correction-titre": (
        lambda: IRIS.correction(QUESTION, "titre"),
        "correction-titre",
        SharedGraph.METADATA,
    ),
    "source/sha256/00ff": (lambda: IRIS.source("00ff"), "", SharedGraph.METADATA),
    "logiciel/lod/1.0#id": (lambda: IRIS.software("1.0"), "id", SharedGraph.METADATA),
}
OTHERS = {
    # what is described beside the dumps
    "an/legislature/17": (lambda: IRIS.legislature(17), ""),
    "def/role": (lambda: IRIS.scheme("role"), ""),
    "def/role/auteur": (lambda: IRIS.concept("role", "Auteur"), ""),
    "def/profil": (IRIS.profile, ""),
    "graphe/acteurs": (lambda: IRIS.graph(SharedGraph.PEOPLE), ""),
    "catalogue#id": (IRIS.catalogue, "id"),
    "editeur#id": (IRIS.publisher, "id"),
    "contact#id": (IRIS.contact, "id"),
    "jeu/questions": (lambda: IRIS.dataset_page("questions"), ""),
    "jeu/questions#periode": (lambda: IRIS.dataset("questions", "periode"), "periode"),
    "jeu/questions.ttl#dist": (lambda: IRIS.distribution("questions.ttl"), "dist"),
    "dumps/questions.ttl": (lambda: IRIS.dump("questions.ttl"), ""),
    "report#id": (lambda: IRIS.report("report"), "id"),
}
BUILT = {path: kind[:2] for path, kind in KINDS.items()} | OTHERS


@pytest.mark.parametrize(("path", "kind"), BUILT.items(), ids=BUILT)
def test_an_iri_is_built_and_taken_apart(path: str, kind: tuple[Callable[[], str], str]) -> None:
    build, part = kind
    document = path.removesuffix(f"#{part}")
    assert build() == BASE + path
    assert IRIS.path(build()) == document
    assert fragment(build()) == part
    assert last_segment(build()) == path.removesuffix(THING).rpartition("/")[2]
    is_below = document.startswith(f"{QUESTION_PATH}/")
    assert owning_question(document) == (QUESTION_PATH if is_below else None)


@pytest.mark.parametrize("path", BUILT)
def test_only_the_iri_of_a_question_is_read_as_one(path: str) -> None:
    assert PATTERNS.is_question(f"<{BASE}{path}>") == (path == QUESTION_PATH)
    if path == QUESTION_PATH:
        assert IRIS.question_of(BASE + path) == QUESTION
    else:
        with pytest.raises(BadValue):
            IRIS.question_of(BASE + path)


@pytest.mark.parametrize("path", KINDS)
def test_the_graph_of_a_statement_is_known_from_its_subject(path: str) -> None:
    subject, graph = f"<{BASE}{path}>", KINDS[path][2]
    question = f"<{BASE}{QUESTION_PATH}>"
    assert PATTERNS.question_of(subject) == (question if graph == OF_QUESTION else None)
    if isinstance(graph, SharedGraph):
        assert PATTERNS.graph_of_shared(subject) == f"<{IRIS.graph(graph)}>" == PATTERNS.graphs[graph]
    elif graph == OWN:
        assert PATTERNS.graph_of_shared(subject) == subject


def test_a_question_under_another_base_is_none_of_these() -> None:
    other = f"<{DEFAULT_BASE}{QUESTION_PATH}>"
    assert not PATTERNS.is_question(other)
    assert PATTERNS.question_of(other) is None
    assert PATTERNS.graph_of_shared(other) == PATTERNS.graphs[SharedGraph.PLACES]  # as of INSEE's places


def test_the_endings_of_the_iris_of_questions_are_told_apart() -> None:
    pattern = PATTERNS.questions_with(["", "/reponse", "/reponse"])
    question = IRIS.question(QUESTION)
    found = [pattern.fullmatch(f"<{question}{ending}>") for ending in ("", "/reponse", "/erratum", DEPUTY)]
    assert [match and match[1] for match in found] == ["", "/reponse", None, None]


_SPELLED = re.compile(
    r"""["'/ <{}](?:an|jo|def|jeu|graphe|gouvernement|logiciel|catalogue|editeur|dumps)/"""
    r"""|source/sha256|partition\("\#|\#(?:id|depute)\b|/reponse|qe\||(["'])(?:"""
    + "|".join(graph for graph in SharedGraph if graph is not SharedGraph.CONCEPTS)
    + r")\1"
)
_EXAMPLES = {"lod/definitions.py": 1, "lod/web/index/search_parameters.py": 1, "lod/web/server/api.py": 1}
"""The modules that show examples, or that `lod.iri` itself imports, and in how many lines they spell IRIs."""


def test_no_other_module_spells_an_iri() -> None:
    spelled = {}
    for path in [*(ROOT / "lod").rglob("*.py"), *(ROOT / "lod").rglob("*.html")]:
        lines = path.read_text(encoding="utf-8").splitlines()
        if found := sum(1 for line in lines if _SPELLED.search(line)):
            spelled[path.relative_to(ROOT).as_posix()] = found
    assert spelled.pop("lod/iri.py") > 20
    assert spelled == _EXAMPLES
