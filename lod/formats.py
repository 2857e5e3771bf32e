"""The one table of formats: names, media types, other spellings, and codes in authority tables.

The name of a format is the ending of its files and addresses and the value of `format=` and `--format`.
Whatever needs a media type or a file ending takes it from here; a new format of documents is a row here,
a writer in `lod/write/`, and its tests.
"""

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

RDF: Final = _table(
    Format(
        name="ttl",
        label="Turtle",
        media_types=("text/turtle", "application/x-turtle"),
        charset=True,
        aliases=("turtle",),
        file_type="RDF_TURTLE",
    ),
    Format(
        name="jsonld",
        label="JSON-LD",
        media_types=("application/ld+json", "application/json"),
        aliases=("json-ld",),
        file_type="JSON_LD",
    ),
    Format(
        name="nt",
        label="N-Triples",
        media_types=("application/n-triples",),
        aliases=("ntriples", "n-triples"),
        file_type="RDF_N_TRIPLES",
    ),
    Format(
        name="nq",
        label="N-Quads",
        media_types=("application/n-quads",),
        aliases=("nquads", "n-quads"),
        file_type="RDF_N_QUADS",
    ),
    Format(name="trig", label="TriG", media_types=("application/trig",), file_type="RDF_TRIG"),
    Format(
        name="rdf",
        label="RDF/XML",
        media_types=("application/rdf+xml",),
        aliases=("rdf+xml", "rdfxml"),
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
)
"""The formats of the table of questions."""

DUMPS: Final = ("ttl", "jsonld", "nt", "nq")
"""The formats of the dumps of a release."""

DOCUMENTS: Final = ("html", "jsonld", "ttl", "nt")
"""The formats in which every IRI answers; the first is sent to clients that accept anything."""

COMPRESSED: Final = {"gzip": ("gz", "application/gzip"), "zstd": ("zst", "application/zstd")}
"""The ending and the media type of compressed files, by the name of the compression."""

_OTHER_FILES: Final = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "atom": "application/atom+xml",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
}

CONTENT_TYPES: Final = (
    {each.name: each.content_type for each in (HTML, *RDF.values(), *TABLES.values())}
    | dict(COMPRESSED.values())
    | _OTHER_FILES
)
"""The Content-Type of the files of a release and of a site, by their ending."""
