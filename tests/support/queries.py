"""What the tests of queries share: what is asked of each query, and the engines that must answer alike."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
import rdflib

from lod import Release
from lod.query import ask, cookbook
from lod.query.results import QueryResult, words
from tests.conftest import ROOT, SAMPLES

SOURCES = [
    *(SAMPLES / name for name in ("pages", "json", "older-pages", "html", "xml")),
    ROOT / "tests" / "support" / "query_inputs" / "documents",
]
"""Documents of which every query of the cookbook has something to say."""

VALUES = {
    "all-about-a-question": {"identifier": "QANR5L17QE99112"},
    "askers-on-a-subject": {"words": "TRANSPORTS"},
    "constituencies-without-question": {"since": "2024-07-07"},
    "departement-record": {"code": "01"},
    "deputy-record": {"deputy": "Zéphyrine Exemple"},
    "life-of-a-question": {"identifier": "QANR5L17QE99112"},
    "overdue": {"today": "2026-12-31"},
    "overdue-by-ministry": {"today": "2026-12-31"},
    "text-search": {"words": "MARÉES"},
}
"""The values that the tests give to the parameters of queries."""

REAL_VALUES = {
    "all-about-a-question": {"identifier": "QANR5L16QG117"},
    "askers-on-a-subject": {"words": "énergie"},
    "constituencies-without-question": {"since": "2024-07-07"},
    "departement-record": {"code": "63"},
    "deputy-record": {"deputy": "André Chassaigne"},
    "life-of-a-question": {"identifier": "QANR5L17QE16300"},
    "overdue": {"today": "2026-12-31"},
    "overdue-by-ministry": {"today": "2026-12-31"},
    "text-search": {"words": "RETRAITES"},
}
"""The same for the real documents."""

Asker = Callable[[str], str]
"""An engine: a query in, its answer as sorted lines out, each a row as CSV or a triple."""


def lines_of(names: list[str], rows: list[list[str]]) -> str:
    """Give rows as CSV under their names, in their order."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *rows])
    return out.getvalue()


def asked_of(place: Path | str) -> Asker:
    """Give what asks a store's folder, a release or an endpoint as `lod query` does."""

    return lambda text: _laid_out(ask(text, str(place)))


def _laid_out(answer: QueryResult) -> str:
    if answer.is_graph:
        triples = {str(quad.triple) for quad in ox.parse(answer.body, ox.RdfFormat.N_TRIPLES)}
        return "".join(f"{triple} .\n" for triple in sorted(triples))
    names, rows = answer.rows()
    return lines_of(names, [[words(cell) for cell in row] for row in rows])


def asked_of_rdflib(release: Path) -> Asker:
    """Give what asks rdflib, with all of a release in one graph."""
    opened, graph = Release(release), rdflib.Graph()
    for dump in opened.dumps("nt"):
        with dump.stream() as stream:
            graph.parse(stream, format="nt")
    graph.parse(opened.file("concepts.ttl"))

    def asker(text: str) -> str:
        result = graph.query(text)
        if result.graph is not None:
            quads = ox.parse(result.graph.serialize(format="nt", encoding="utf-8"), ox.RdfFormat.N_TRIPLES)
            return "".join(f"{triple} .\n" for triple in sorted({str(quad.triple) for quad in quads}))
        names = [str(name) for name in result.vars or ()]
        rows = [[str(row.get(rdflib.Variable(name), "")) for name in names] for row in result.bindings]
        return lines_of(names, rows)

    return asker


def text_of(name: str, values: Mapping[str, Mapping[str, str]] = VALUES) -> str:
    """Give a saved query as the tests ask it."""
    return cookbook()[name].bound(values.get(name, {}))
