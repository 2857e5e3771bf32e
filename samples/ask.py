"""Answer one SPARQL question over a release: python samples/ask.py RELEASE QUERY."""

import sys
from pathlib import Path

import rdflib
from rich.console import Console
from rich.table import Table

import lod


def ask(release: Path, query: Path) -> Table:
    """Load the questions of a release and answer a SELECT query as a table."""
    graph = rdflib.Graph()
    for dump in lod.Release(release).dumps("nt"):
        with dump.stream() as stream:
            graph.parse(stream, format="nt")
    result = graph.query(query.read_text(encoding="utf-8"))
    names = [str(name) for name in result.vars or ()]
    table = Table(*names, box=None, pad_edge=False)
    for row in result.bindings:
        table.add_row(*(str(row.get(rdflib.Variable(name), "")) for name in names))
    return table


if __name__ == "__main__":
    Console().print(ask(Path(sys.argv[1]), Path(sys.argv[2])))
