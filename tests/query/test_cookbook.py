"""The cookbook: every query runs on every engine, and gives the answer that was approved."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from lod import Options, Summary, build_release
from lod.errors import CheckFailed, Misused
from lod.query import SavedQuery, columns, cookbook
from lod.query.cookbook import read
from lod.query.parameters import ParameterType
from lod.store import load
from tests.conftest import ROOT, SAMPLES, SHARED
from tests.support import stores
from tests.support.golden import GOLDEN, approved
from tests.support.loops import some
from tests.support.queries import REAL_VALUES, SOURCES, VALUES, Asker, asked_of, asked_of_rdflib, text_of

ENGINES: dict[str, Callable[[Path, dict[str, str]], Asker]] = {
    # an engine -> what asks it, of a release, or of the stores into which that was loaded
    "rdflib": lambda release, _: asked_of_rdflib(release),
    "embedded": lambda _, loaded: asked_of(loaded["embedded"]),
    "oxigraph": lambda _, loaded: asked_of(loaded["oxigraph"]),
    "virtuoso": lambda _, loaded: asked_of(loaded["virtuoso"]),
    "tdb2": lambda _, loaded: asked_of(loaded["tdb2"]),
}
NAMES = sorted(cookbook())
HERE = "https://example.org/"
UNKNOWN_TO_REAL = {
    *("answered-together", "answers-in-time-by-ministry", "corrected", "flagged", "never-answered"),
    *("questions-by-keyword", "re-attributed", "re-attributions-by-ministry", "recalled", "renewed"),
    "shared-texts",
}
"""What has never happened to one of the real questions that are there."""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("asked")
    return build_release(SOURCES, out, Options(registers=(SAMPLES / "register",))).path


@pytest.fixture(scope="module")
def loaded(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with holding(release, tmp_path_factory.mktemp("stores")) as found:
        yield found


@contextmanager
def holding(release: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Start all stores, each with a release loaded into it."""
    with stores.running(folder) as found:
        for into in found.values():
            load(release, into)
        yield found


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, release: Path, loaded: dict[str, str]) -> Asker:
    return ENGINES[request.param](release, loaded)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_gives_the_approved_answer_on_every_engine(name: str, engine: Asker, regen: bool) -> None:
    ending = "nt" if cookbook()[name].text.count("CONSTRUCT") else "csv"
    answer = engine(text_of(name))
    assert answer.count("\n") > 1, "a query that finds nothing in the samples shows nothing"
    approved(f"{name}.{ending}", answer, regen=regen, folder=GOLDEN / "queries")


@pytest.fixture(scope="module")
def real_askers(
    real_split_release: Summary, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Asker]]:
    """The stores that hold the real documents, each by what asks it."""
    release = real_split_release.path
    with holding(release, tmp_path_factory.mktemp("real-stores")) as found:
        yield {name: ENGINES[name](release, found) for name in found}


@pytest.mark.real
@pytest.mark.parametrize("name", NAMES)
def test_a_query_gives_the_same_answer_on_all_stores_that_hold_the_real_documents(
    name: str, real_askers: dict[str, Asker]
) -> None:
    text = text_of(name, REAL_VALUES)
    answers = {store: asker(text) for store, asker in real_askers.items()}
    assert answers.keys() == ENGINES.keys() - {"rdflib"}
    assert answers == dict.fromkeys(answers, answers["embedded"])
    assert (answers["embedded"].count("\n") > 1) == (name not in UNKNOWN_TO_REAL)


def test_a_release_itself_gives_the_same_answers(release: Path) -> None:
    asker = asked_of(release)
    for name in ("questions-by-departement", "response-time-by-ministry"):
        assert asker(text_of(name)) == (GOLDEN / "queries" / f"{name}.csv").read_text(encoding="utf-8")


def test_median_and_percentile_are_those_of_the_days(release: Path) -> None:
    """Count by hand what the query counts: the least number of days within which so many answers came."""
    asker = asked_of_rdflib(release)
    days = sorted(int(line.split(",")[0]) for line in _repeated(asker(text_of("days-to-answer"))))
    everyone = text_of(TIMES).replace('BIND(STRAFTER(?last, " ") AS ?ministry)', 'BIND("tous" AS ?ministry)')
    row = asker(everyone).split("\n")[1].split(",")
    half, nine = -(-len(days) // 2), -(-9 * len(days) // 10)
    assert row == ["tous", str(days[half - 1]), str(days[nine - 1]), str(days[-1]), str(len(days))]


TIMES = "response-time-by-ministry"


def _repeated(histogram: str) -> list[str]:
    rows = [line for line in histogram.split("\n")[1:] if line]
    return [row for row in rows for _ in range(int(row.split(",")[1]))]


def test_the_same_query_runs_on_the_model_of_the_european_parliament() -> None:
    store = ox.Store()
    store.load(
        path=str(ROOT / "tests" / "support" / "query_inputs" / "european-parliament.ttl"),
        format=ox.RdfFormat.TURTLE,
    )
    assert _european(store) == [
        (
            "https://example.org/doc/E-10-2026-000001",
            "2026-01-05",
            "https://example.org/person/1",
            "2026-03-02",
        ),
        ("https://example.org/doc/E-10-2026-000002", "2026-01-06", "https://example.org/person/2", ""),
    ]


@pytest.mark.real
def test_the_same_query_runs_on_a_real_question_of_the_european_parliament() -> None:
    store = ox.Store()
    for path in (SHARED / "vocabularies" / "examples").glob("ep_example_*.ttl"):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    assert [(day, answered) for _, day, _, answered in _european(store)] == [("2022-01-02", "2022-02-27")]


def _european(store: ox.Store) -> list[tuple[str, ...]]:
    results = store.query(cookbook()["european-parliament"].text)
    assert isinstance(results, ox.QuerySolutions)
    wanted = ("question", "day", "author", "answered")
    return [tuple(row[name].value if row[name] else "" for name in wanted) for row in results]


def test_there_are_at_least_twenty_five_queries_and_each_column_has_a_name() -> None:
    assert len(NAMES) >= 25
    found = set()
    for name in NAMES:
        path = GOLDEN / "queries" / f"{name}.csv"
        if path.is_file():
            found |= set(path.read_text(encoding="utf-8").split("\n")[0].split(","))
    assert found | {"answer"} == columns().keys()


def test_each_query_stays_within_what_all_stores_know() -> None:
    for name, saved in some(cookbook().items()):
        for word in ("YEAR(", "MONTH(", "GRAPH ", "GROUP_CONCAT", "SERVICE", "AVG(", "LIMIT", "EXISTS"):
            assert word not in saved.text, (name, word)
        assert not re.search(r"STR(?:AFTER|BEFORE)\((?:MAX|MIN)", saved.text), name
        if "CONSTRUCT" not in saved.text:
            [order] = re.findall(r"^ORDER BY (.+)$", saved.text, re.MULTILINE)
            assert not {*order.split()} & labels_of(saved.text), name


def labels_of(text: str) -> set[str]:
    """Give the variables of a query that stand for names, which may be long."""
    return set(re.findall(r"(?:skos:prefLabel|foaf:name) (\?\w+)", text)) | {"?ministry"}


def test_tests_give_values_to_every_parameter_and_to_no_other() -> None:
    wanted = {
        name: {p.name for p in saved.parameters} for name, saved in cookbook().items() if saved.parameters
    }
    for given in (VALUES, REAL_VALUES):
        assert {name: set(values) for name, values in given.items()} == wanted


SEARCH = "text-search"
HOSTILE = [
    '" } ?s ?p ?o { "',
    '\\" } # ',
    "'''\"\"\"\\",
    "} DELETE WHERE { ?s ?p ?o",
    "\n\r\t\0?words {",
    "<http://e/> SERVICE",
    "\\1\\g<0>é\U0001f600",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_only_ever_a_value(value: str) -> None:
    text = cookbook()[SEARCH].bound({"words": value})
    asked = re.sub(r"(?s)WHERE \{.*", "", text) + "WHERE { " + _blank(text) + " }"
    results = ox.Store().query(asked.replace("SELECT DISTINCT ?identifier ?day ?title", "SELECT ?words"))
    assert isinstance(results, ox.QuerySolutions)
    assert [row["words"].value for row in results] == [value]


def _blank(text: str) -> str:
    found = re.search(r"VALUES \?words \{ .* \}", text)
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ParameterType.DAY, "2026-02-30"),
        (ParameterType.DAY, "20260223"),
        (ParameterType.DAY, "２０２６-01-01"),
        (ParameterType.NUMBER, "1_0"),
        (ParameterType.NUMBER, "+1"),
        (ParameterType.CODE, '"'),
        (ParameterType.CODE, ""),
        (ParameterType.IRI, "http://e/> <"),
        (ParameterType.IRI, "relative"),
        (ParameterType.TEXT, "\ud800"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: ParameterType, value: str) -> None:
    example = {"text": '"a"', "day": '"2026-01-01"', "number": "1", "code": '"a"', "iri": "<http://e/>"}[kind]
    saved = _saved(f"# parameter: x {kind} — an x\nSELECT * WHERE {{ VALUES ?x {{ {example} }} }}\n")
    with pytest.raises(Misused, match="expected"):
        saved.bound({"x": value})


def test_a_value_is_needed_and_no_other_is_taken() -> None:
    with pytest.raises(Misused, match="words=…, some text, found none"):
        cookbook()[SEARCH].bound({})
    with pytest.raises(Misused, match="expected words, found word"):
        cookbook()[SEARCH].bound({"word": "eau"})


def test_a_query_is_asked_of_data_under_their_own_base() -> None:
    text = cookbook()["overdue"].bound({}, "https://example.org/q/")
    assert "BASE <https://example.org/q/>" in text
    assert "w3id.org/anq/>" not in text


def test_a_query_whose_head_is_not_whole_is_refused() -> None:
    with pytest.raises(CheckFailed, match="a title"):
        read("x", "# title: x\nSELECT * {}")
    with pytest.raises(CheckFailed, match="one VALUES"):
        _saved("# parameter: x text — an x\nSELECT * {}\n")
    with pytest.raises(CheckFailed, match="a title"):
        _saved("# titel: x\nSELECT * {}\n")


def _saved(text: str) -> SavedQuery:
    return read("x", "# title: x\n# title@en: x\n# says: x\n# says@en: x\n" + text)
