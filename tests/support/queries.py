"""What the tests of queries share: values for their parameters, and the engines that must agree."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
import rdflib

from lod import Release
from lod.query import QueryResult, ask, cookbook
from lod.query.results import text as text_of_cell
from tests.conftest import ROOT, SAMPLES

SOURCES = [
    *(SAMPLES / name for name in ("pages", "json", "older-pages", "html", "xml")),
    ROOT / "tests" / "support" / "query_inputs" / "documents",
]
"""Documents on which every query of the cookbook has an answer, with these links."""
LINKS = ROOT / "tests" / "support" / "query_inputs" / "links.csv"

VALUES = {
    "all-about-a-question": {"identifier": "QANR5L17QE99112"},
    "askers-on-a-subject": {"words": "TRANSPORTS"},
    "campaigns": {"since": "2026-01-01"},
    "constituencies-without-question": {"since": "2024-07-07"},
    "departement-record": {"code": "01"},
    "deputy-record": {"deputy": "Zéphyrine Exemple"},
    "life-of-a-question": {"identifier": "QANR5L17QE99112"},
    "questions-citing": {"law": "CODE DU TRAVAIL"},
    "overdue": {"today": "2026-12-31"},
    "overdue-by-ministry": {"today": "2026-12-31"},
    "state-on-day": {"identifier": "QANR5L17QE99112", "today": "2026-04-29"},
    "text-search": {"words": "MARÉES"},
}
"""The values that the tests give to the parameters of queries."""

REAL_VALUES = {
    "all-about-a-question": {"identifier": "QANR5L16QG117"},
    "askers-on-a-subject": {"words": "énergie"},
    "campaigns": {"since": "2022-07-01"},
    "constituencies-without-question": {"since": "2024-07-07"},
    "departement-record": {"code": "63"},
    "deputy-record": {"deputy": "André Chassaigne"},
    "life-of-a-question": {"identifier": "QANR5L17QE16300"},
    "questions-citing": {"law": "code"},
    "overdue": {"today": "2026-12-31"},
    "overdue-by-ministry": {"today": "2026-12-31"},
    "state-on-day": {"identifier": "QANR5L17QE16300", "today": "2026-07-01"},
    "text-search": {"words": "RETRAITES"},
}
"""The same for the real documents."""

QueryRunner = Callable[[str], str]
"""An engine: a query in, its answer as sorted lines out, each a row as CSV or a triple."""


def csv_lines(names: list[str], rows: list[list[str]]) -> str:
    """Return rows as CSV, in their order, after their names."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *rows])
    return out.getvalue()


def lod_runner(place: Path | str) -> QueryRunner:
    """Return a function that runs queries as `lod query` does, on a store, a release or an endpoint."""
    return lambda text: _lines(ask(text, str(place)))


def _lines(answer: QueryResult) -> str:
    if answer.is_graph:
        triples = {str(quad.triple) for quad in ox.parse(answer.body, ox.RdfFormat.N_TRIPLES)}
        return "".join(f"{triple} .\n" for triple in sorted(triples))
    names, rows = answer.rows()
    return csv_lines(names, [[text_of_cell(cell) for cell in row] for row in rows])


def rdflib_runner(release: Path) -> QueryRunner:
    """Return a function that runs queries with rdflib, on all of a release in one graph."""
    files, graph = Release(release), rdflib.Graph()
    for dump in (*files.dumps("nt"), *files.link_dumps("nt")):
        with dump.stream() as stream:
            graph.parse(stream, format="nt")
    graph.parse(files.file("concepts.ttl"))

    def run_query(text: str) -> str:
        result = graph.query(text)
        if result.graph is not None:
            quads = ox.parse(result.graph.serialize(format="nt", encoding="utf-8"), ox.RdfFormat.N_TRIPLES)
            return "".join(f"{triple} .\n" for triple in sorted({str(quad.triple) for quad in quads}))
        names = [str(name) for name in result.vars or ()]
        rows = [[str(row.get(rdflib.Variable(name), "")) for name in names] for row in result.bindings]
        return csv_lines(names, rows)

    return run_query


def text_of(name: str, values: Mapping[str, Mapping[str, str]] = VALUES) -> str:
    """Return the text of a saved query with the values of the tests."""
    return cookbook()[name].bind(values.get(name, {}))
