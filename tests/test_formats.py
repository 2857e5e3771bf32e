"""Formats: one table has their names, media types and endings; no other module spells a media type."""

import re

import pyoxigraph as ox
import pytest
from rdflib import parser, plugin

from lod import formats
from tests.conftest import ROOT

_MEDIA_TYPE = re.compile(r"""["'](?:application|text)/[a-z]""")
_OTHERS = {
    "lod/web/server/files.py": ["application/octet-stream"],
    "lod/web/server/middleware.py": ["text/plain; version=0.0.4; charset=utf-8"],
    "lod/web/sparql/request.py": [
        "application/x-www-form-urlencoded",
        "application/sparql-query",
        "application/sparql-update",
    ],
}
"""The media types that are no formats of files or answers: of bytes, of metrics, of requests."""


def test_no_other_module_spells_a_media_type() -> None:
    spelled = {}
    for path in (ROOT / "lod").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name != "formats.py" and _MEDIA_TYPE.search(text):
            spelled[path.relative_to(ROOT).as_posix()] = re.findall(
                r"""["']((?:application|text)/[a-z][^"']*)""", text
            )
    assert spelled == _OTHERS


@pytest.mark.parametrize("form", formats.RDF.values(), ids=lambda form: form.name)
def test_the_libraries_know_each_format_of_rdf_by_its_media_type(form: formats.Format) -> None:
    known = ox.RdfFormat.from_media_type(form.media_type)
    assert known is not None
    assert known.file_extension == form.name
    assert plugin.get(form.media_type, parser.Parser)


@pytest.mark.parametrize("form", formats.RESULTS.values(), ids=lambda form: form.name)
def test_the_engine_knows_each_format_of_results_by_its_media_type(form: formats.Format) -> None:
    known = ox.QueryResultsFormat.from_media_type(form.media_type)
    assert known is not None
    assert form.name in (known.file_extension, "json", "xml")


@pytest.mark.parametrize("table", [formats.RDF, formats.RESULTS, formats.TABLES, formats.DOCUMENTS])
def test_each_name_alias_and_media_type_means_one_format(table: dict[str, formats.Format]) -> None:
    for each in table.values():
        for name in (each.name, each.name.upper(), *each.aliases, *each.media_types):
            assert formats.named(table.values(), name) is each
    assert formats.named(table.values(), "none of them") is None


LABELS = {
    "html": "HTML",
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "nq": "N-Quads",
    "trig": "TriG",
    "rdf": "RDF/XML",
    "json": "JSON",
    "xml": "XML",
    "csv": "CSV",
    "tsv": "TSV",
    "parquet": "Parquet",
    "xlsx": "XLSX",
    "gz": "gzip",
    "zst": "Zstandard",
}


def test_formats_are_called_what_people_call_them() -> None:
    tables = (formats.RDF, formats.RESULTS, formats.TABLES, formats.COMPRESSED)
    every = [formats.HTML, *(each for table in tables for each in table.values())]
    assert {each.name: each.label for each in every} == LABELS


def test_the_registered_media_types_precede_all_others() -> None:
    types = list(formats.by_media_type(formats.DOCUMENTS.values()))
    assert types[: len(formats.DOCUMENTS)] == [each.media_type for each in formats.DOCUMENTS.values()]
    assert types[-1] in formats.RDF["trig"].media_types
