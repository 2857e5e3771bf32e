"""The cookbook: every query has the approved answer on every engine."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from lod import Options, Summary, build_release
from lod.errors import CheckFailed, Misused
from lod.query import SavedQuery, columns, cookbook
from lod.query.cookbook import ParameterType, parse
from lod.store import load
from tests.conftest import ROOT, SAMPLES, SHARED
from tests.support import stores
from tests.support.golden import GOLDEN, approved
from tests.support.loops import some
from tests.support.queries import (
    LINKS,
    REAL_VALUES,
    SOURCES,
    VALUES,
    QueryRunner,
    lod_runner,
    rdflib_runner,
    text_of,
)

ENGINES: dict[str, Callable[[Path, dict[str, str]], QueryRunner]] = {
    # an engine -> a function that runs queries on a release, or on the stores into which it was loaded
    "rdflib": lambda release, _: rdflib_runner(release),
    "embedded": lambda _, loaded: lod_runner(loaded["embedded"]),
    "oxigraph": lambda _, loaded: lod_runner(loaded["oxigraph"]),
    "virtuoso": lambda _, loaded: lod_runner(loaded["virtuoso"]),
    "tdb2": lambda _, loaded: lod_runner(loaded["tdb2"]),
}
NAMES = sorted(cookbook())
HERE = "https://example.org/"
UNKNOWN_TO_REAL = {
    *("answered-together", "answers-in-time-by-ministry", "corrected", "flagged", "never-answered"),
    *("questions-by-keyword", "re-attributed", "re-attributions-by-ministry", "recalled", "renewed"),
    *("deputies-at-wikidata", "laws-cited", "questions-citing", "shared-texts"),
}
"""The queries without an answer on the real questions."""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cookbook")
    return build_release(SOURCES, out, Options(registers=(SAMPLES / "register",), links=(LINKS,))).path


@pytest.fixture(scope="module")
def loaded(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with loaded_stores(release, tmp_path_factory.mktemp("stores")) as places:
        yield places


@contextmanager
def loaded_stores(release: Path, folder: Path) -> Iterator[dict[str, str]]:
    """Start all stores and load a release into each."""
    with stores.running(folder) as places:
        for place in places.values():
            load(release, place)
        yield places


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, release: Path, loaded: dict[str, str]) -> QueryRunner:
    return ENGINES[request.param](release, loaded)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_has_the_approved_answer_on_every_engine(name: str, engine: QueryRunner, regen: bool) -> None:
    ending = "nt" if cookbook()[name].text.count("CONSTRUCT") else "csv"
    answer = engine(text_of(name))
    assert answer.count("\n") > 1, "a query without an answer in the samples proves nothing"
    approved(f"{name}.{ending}", answer, regen=regen, folder=GOLDEN / "queries")


@pytest.fixture(scope="module")
def real_runners(
    real_split_release: Summary, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, QueryRunner]]:
    """The stores with the real documents loaded, each by its name."""
    release = real_split_release.path
    with loaded_stores(release, tmp_path_factory.mktemp("real-stores")) as places:
        yield {name: ENGINES[name](release, places) for name in places}


@pytest.mark.real
@pytest.mark.parametrize("name", NAMES)
def test_a_query_has_the_same_answer_on_all_stores_with_the_real_documents(
    name: str, real_runners: dict[str, QueryRunner]
) -> None:
    text = text_of(name, REAL_VALUES)
    answers = {store: run_query(text) for store, run_query in real_runners.items()}
    assert answers.keys() == ENGINES.keys() - {"rdflib"}
    assert answers == dict.fromkeys(answers, answers["embedded"])
    assert (answers["embedded"].count("\n") > 1) == (name not in UNKNOWN_TO_REAL)


def test_a_release_has_the_same_answers_as_its_stores(release: Path) -> None:
    run_query = lod_runner(release)
    for name in ("questions-by-departement", "response-time-by-ministry"):
        assert run_query(text_of(name)) == (GOLDEN / "queries" / f"{name}.csv").read_text(encoding="utf-8")


def test_the_median_and_the_percentile_are_those_of_the_days(release: Path) -> None:
    """Compute independently of the query the smallest number of days within which that many answers came."""
    run_query = rdflib_runner(release)
    days = sorted(int(line.split(",")[0]) for line in _repeated(run_query(text_of("days-to-answer"))))
    by_ministry = text_of(TIMES)
    everyone = by_ministry.replace("?organization skos:prefLabel ?ministry .", 'BIND("tous" AS ?ministry)')
    assert everyone != by_ministry
    row = run_query(everyone).split("\n")[1].split(",")
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
    names = ("question", "day", "author", "answered")
    return [tuple(row[name].value if row[name] else "" for name in names) for row in results]


def test_there_are_at_least_25_queries_and_each_column_has_a_heading() -> None:
    assert len(NAMES) >= 25
    names = set()
    for name in NAMES:
        path = GOLDEN / "queries" / f"{name}.csv"
        if path.is_file():
            names |= set(path.read_text(encoding="utf-8").split("\n")[0].split(","))
    assert names | {"answer"} == columns().keys()


def test_each_query_uses_only_what_all_stores_support() -> None:
    for name, saved in some(cookbook().items()):
        for word in ("YEAR(", "MONTH(", "GRAPH ", "GROUP_CONCAT", "SERVICE", "AVG(", "LIMIT", "EXISTS"):
            assert word not in saved.text, (name, word)
        assert not re.search(r"STR(?:AFTER|BEFORE)\((?:MAX|MIN)", saved.text), name
        if "CONSTRUCT" not in saved.text:
            [order] = re.findall(r"^ORDER BY (.+)$", saved.text, re.MULTILINE)
            assert not {*order.split()} & labels_of(saved.text), name


def labels_of(text: str) -> set[str]:
    """Return the variables of a query that are names, which may be long."""
    return set(re.findall(r"(?:skos:prefLabel|foaf:name) (\?\w+)", text)) | {"?ministry"}


def test_the_tests_have_values_for_every_parameter_and_for_no_other() -> None:
    parameters = {
        name: {p.name for p in saved.parameters} for name, saved in cookbook().items() if saved.parameters
    }
    for table in (VALUES, REAL_VALUES):
        assert {name: set(values) for name, values in table.items()} == parameters


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
def test_a_hostile_value_cannot_change_the_query(value: str) -> None:
    text = cookbook()[SEARCH].bind({"words": value})
    query = re.sub(r"(?s)WHERE \{.*", "", text) + "WHERE { " + _values_block(text) + " }"
    results = ox.Store().query(query.replace("SELECT DISTINCT ?identifier ?day ?title", "SELECT ?words"))
    assert isinstance(results, ox.QuerySolutions)
    assert [row["words"].value for row in results] == [value]


def _values_block(text: str) -> str:
    match = re.search(r"VALUES \?words \{ .* \}", text)
    assert match
    return match[0]


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
def test_a_value_of_the_wrong_type_is_refused(kind: ParameterType, value: str) -> None:
    example = {"text": '"a"', "day": '"2026-01-01"', "number": "1", "code": '"a"', "iri": "<http://e/>"}[kind]
    saved = _saved(f"# parameter: x {kind} — an x\nSELECT * WHERE {{ VALUES ?x {{ {example} }} }}\n")
    with pytest.raises(Misused, match="expected"):
        saved.bind({"x": value})


def test_a_missing_value_and_an_unknown_parameter_are_refused() -> None:
    with pytest.raises(Misused, match=r"^the query text-search needs --param words=…, some text$"):
        cookbook()[SEARCH].bind({})
    with pytest.raises(
        Misused, match=r"^the query text-search has no parameter « word »; its parameters are words$"
    ):
        cookbook()[SEARCH].bind({"word": "eau"})


def test_a_query_is_rebased_to_the_base_of_the_data() -> None:
    text = cookbook()["overdue"].bind({}, "https://example.org/q/")
    assert "BASE <https://example.org/q/>" in text
    assert "w3id.org/anq/>" not in text


def test_a_query_with_an_incomplete_header_is_refused() -> None:
    with pytest.raises(CheckFailed, match="a header with a title and a description in both languages"):
        parse("x", "# title: x\nSELECT * {}")
    with pytest.raises(CheckFailed, match="with one VALUES"):
        _saved("# parameter: x text — an x\nSELECT * {}\n")
    with pytest.raises(CheckFailed, match="a header with a title and a description in both languages"):
        _saved("# titel: x\nSELECT * {}\n")


def _saved(text: str) -> SavedQuery:
    return parse("x", "# title: x\n# title@en: x\n# description: x\n# description@en: x\n" + text)


MINISTRIES = [f"Essai {letter}" for letter in "ABCDEFGHIJK"]
"""Eleven, because as text the numbers 10 and 11 sort before 9."""
RUNNERS: list[Callable[[Path], QueryRunner]] = [lod_runner, rdflib_runner]


@pytest.fixture(scope="module")
def re_attributed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two questions, one answered and one not, each attributed to eleven ministries in turn."""
    folder = tmp_path_factory.mktemp("re-attributed")
    for name in ("QANR5L17QE90101", "QANR5L17QE90102"):
        document = json.loads((SAMPLES / "json" / f"{name}.json").read_text(encoding="utf-8"))
        _re_attribute(document["question"])
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return build_release([folder], folder / "out", Options(registers=(SAMPLES / "register",))).path


def _re_attribute(question: dict[str, Any]) -> None:
    [first, *_] = _as_list(question["minAttribs"]["minAttrib"])
    attributions = [copy.deepcopy(first) for _ in MINISTRIES]
    for n, (attribution, label) in enumerate(zip(attributions, MINISTRIES, strict=True)):
        attribution["denomination"] = {"abrege": label, "developpe": f"Ministère {label}"}
        if n:
            attribution["infoJO"]["dateJO"] = f"2026-04-{n:02}"
    question["minAttribs"]["minAttrib"] = attributions
    if not question.get("textesReponse"):
        question["cloture"] = None


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("run_query", RUNNERS)
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("answers-in-time-by-ministry", 0),
        ("response-time-by-ministry", 0),
        ("overdue-by-ministry", 0),
        ("overdue", 2),
    ],
)
def test_the_last_of_eleven_ministries_is_in_charge(
    name: str, column: int, run_query: Callable[[Path], QueryRunner], re_attributed: Path
) -> None:
    [_, *rows] = run_query(re_attributed)(text_of(name)).splitlines()
    assert [row.split(",")[column] for row in rows] == [MINISTRIES[-1]]


@pytest.mark.parametrize("name", NAMES)
def test_no_query_takes_an_iri_apart(name: str) -> None:
    """Functions on texts are for literals; an IRI is compared or sorted as a whole.

    Only the data set of others to which a link leads is told by how its IRIs begin.
    """
    taken_apart = r"\b(?:STRAFTER|STRBEFORE|STRENDS|STRSTARTS|REGEX|REPLACE)\s*\("
    of_others = 'STRSTARTS(STR(?wikidata), "http://www.wikidata.org/entity/")'
    query = cookbook()[name].text.replace(of_others, "")
    assert not re.search(taken_apart, query, re.IGNORECASE)
    for function, argument in re.findall(r"\b(SUBSTR|CONTAINS)\s*\((?:LCASE\()?STR\(\?(\w+)\)", query):
        assert argument in ("day", "date", "answerDate", "label", "text", "cited"), (function, argument)
