"""The one table of formats: names, media types, other spellings, and codes in authority tables.

The name of a format is the ending of its files and addresses and the value of `format=` and `--format`.
Whatever needs a media type or a file ending takes it from here; a new format of documents is a row here,
a writer in `lod/write/`, and its tests.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of files and of answers.

    `media_types` starts with the registered media type, followed by others that clients send for it;
    `aliases` are other names that clients give in `format=`; `file_type` is its code in the EU's authority
    table of file types.
    """

    name: str
    label: str
    media_types: tuple[str, ...]
    charset: bool = False
    aliases: tuple[str, ...] = ()
    file_type: str | None = None

    @property
    def media_type(self) -> str:
        """The registered media type, without parameters."""
        return self.media_types[0]

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


def _table(*formats: Format) -> dict[str, Format]:
    return {each.name: each for each in formats}


HTML: Final = Format(
    name="html", label="HTML", media_types=("text/html", "application/xhtml+xml"), charset=True
)
"""Pages for people."""

_NOTATION3 = ("text/n3", "text/rdf+n3", "application/n3", "application/rdf+n3")
"""The media types of a language that contains Turtle."""

RDF: Final = _table(
    Format(
        name="ttl",
        label="Turtle",
        media_types=("text/turtle", "application/turtle", "application/x-turtle", *_NOTATION3),
        charset=True,
        aliases=("turtle", "n3"),
        file_type="RDF_TURTLE",
    ),
    Format(
        name="jsonld",
        label="JSON-LD",
        media_types=("application/ld+json", "application/json"),
        aliases=("json-ld", "json"),
        file_type="JSON_LD",
    ),
    Format(
        name="nt",
        label="N-Triples",
        media_types=("application/n-triples", "text/plain"),
        aliases=("ntriples", "n-triples"),
        file_type="RDF_N_TRIPLES",
    ),
    Format(
        name="nq",
        label="N-Quads",
        media_types=("application/n-quads", "text/x-nquads"),
        aliases=("nquads", "n-quads"),
        file_type="RDF_N_QUADS",
    ),
    Format(
        name="trig",
        label="TriG",
        media_types=("application/trig", "application/x-trig"),
        file_type="RDF_TRIG",
    ),
    Format(
        name="rdf",
        label="RDF/XML",
        media_types=("application/rdf+xml",),
        aliases=("rdf+xml", "rdfxml", "xml"),
        file_type="RDF_XML",
    ),
)
"""The formats of RDF graphs."""

RESULTS: Final = _table(
    Format(name="json", label="JSON", media_types=("application/sparql-results+json", "application/json")),
    Format(
        name="xml",
        label="XML",
        media_types=("application/sparql-results+xml", "application/xml", "text/xml"),
    ),
    Format(name="csv", label="CSV", media_types=("text/csv",), charset=True),
    Format(name="tsv", label="TSV", media_types=("text/tab-separated-values",), charset=True),
)
"""The SPARQL 1.1 query results formats, of SELECT and ASK."""

TABLES: Final = _table(
    Format(name="csv", label="CSV", media_types=("text/csv",), charset=True, file_type="CSV"),
    Format(
        name="parquet",
        label="Parquet",
        media_types=("application/vnd.apache.parquet",),
        file_type="PARQUET",
    ),
    Format(
        name="xlsx",
        label="XLSX",
        media_types=("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
        file_type="XLSX",
    ),
)
"""The formats of the table of questions."""

DUMPS: Final = ("ttl", "jsonld", "nt", "nq")
"""The formats of the dumps of a release."""

DATA_FILES: Final = (*DUMPS, TABLES["csv"].name)
"""The formats of the data files of a release, unless fewer are asked for. N-Triples are always among them."""

_DATASETS: Final = {"nq": "nt", "trig": "ttl"}
"""The formats of datasets, each with the format of graphs that it contains: N-Triples are N-Quads, too."""

DOCUMENTS: Final = {each.name: each for each in (HTML, RDF["jsonld"], RDF["ttl"], RDF["nt"], RDF["rdf"])}
"""The formats in which every IRI answers; the first is sent to clients that accept anything."""

DOCUMENT_DATA: Final = {name: each for name, each in DOCUMENTS.items() if each is not HTML}
"""The formats of a document that are not for people."""

COMPRESSED: Final = {
    "gzip": Format(name="gz", label="gzip", media_types=("application/gzip",)),
    "zstd": Format(name="zst", label="Zstandard", media_types=("application/zstd",)),
}
"""The formats of compressed files, by the name of the compression."""

TEXT: Final = "text/plain"
"""The media type of sentences for people."""

UNKNOWN: Final = "application/octet-stream"
"""The media type of files of which nothing is known."""

_OTHER_FILES: Final = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "atom": "application/atom+xml",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "txt": f"{TEXT}; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}

CONTENT_TYPES: Final = {
    each.name: each.content_type for each in (HTML, *RDF.values(), *TABLES.values(), *COMPRESSED.values())
} | _OTHER_FILES
"""The Content-Type of the files of a release and of a site, by their ending."""


_INCOMPRESSIBLE = {each.media_type for each in COMPRESSED.values()} | {
    TABLES["parquet"].media_type,
    TABLES["xlsx"].media_type,
    _OTHER_FILES["png"],
    UNKNOWN,
}


def is_compressible(content_type: str) -> bool:
    """Return whether files of a type become smaller: those that are not compressed in themselves."""
    return content_type.partition(";")[0] not in _INCOMPRESSIBLE


def named(formats: Iterable[Format], name: str) -> Format | None:
    """Return the format with a name, an alias or a media type; None if there is none."""
    name = name.lower()
    return next((each for each in formats if name in (each.name, *each.aliases, *each.media_types)), None)


def by_media_type(formats: Iterable[Format]) -> dict[str, Format]:
    """Return every media type by which clients ask for one of these formats: the registered ones first.

    The types of datasets come last; they stand for the format of graphs that is valid as such a dataset.
    """
    formats = list(formats)
    types = {each.media_type: each for each in formats}
    types |= {other: each for each in formats for other in each.media_types[1:]}
    for dataset, graph in _DATASETS.items():
        if RDF[graph] in formats:
            types |= {other: RDF[graph] for other in RDF[dataset].media_types if other not in types}
    return types
