"""Triples of pyoxigraph, appended to files in three formats."""

from pathlib import Path

import pyoxigraph as ox

_FORMATS = {"nt": ox.RdfFormat.N_TRIPLES, "ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


def append(batch: list[ox.Triple], out: Path, prefixes: dict[str, str]) -> None:
    """Write triples behind those that are there: a batch is a document of JSON-LD."""
    for name, form in _FORMATS.items():
        with (out / f"questions.{name}").open("ab") as stream:
            ox.serialize(batch, stream, form, prefixes=prefixes)
