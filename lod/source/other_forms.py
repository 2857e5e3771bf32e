"""Forms of documents that are not read, some of them of questions, described for whoever gives one."""

import re

from lod.errors import BadValue, quote
from lod.finding import Finding

NOT_READ = "this form is not read"

_BINARY = {
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\xd0\xcf\x11\xe0": "a document of an old office program",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3\x00": "an SQLite database",
    b"PAR1": "a Parquet file",
}
_ROOTS = {
    "QUESTIONS": "the feed of questions to the Government (REP_Question.xml)",
    "REDIF_ANQ": "the issue of the Journal officiel as XML by the DILA",
    "JO_AN": "the issue of the Journal officiel as XML by the DILA",
    "rss": "an RSS feed",
    "feed": "an Atom feed",
    "RDF": "RDF",
    "Envelope": "a message of a web service",
    "sitemapindex": "a list of addresses",
    "urlset": "a list of addresses",
}
_ROOT = re.compile(r"(?:<\?[^>]*>|<!--.*?-->|\s)*<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)
_TITLE = re.compile(r"<title\b[^<>]*>([^<]{1,200})", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
_COLUMN = re.compile(r"\"?\w[\w .()/'-]{0,59}\"?")
_START = 4000
_MIN_COLUMNS = 3


def binary_form(data: bytes) -> str | None:
    """Return what bytes that are no text look like, or None if they may be a text."""
    return next((what for mark, what in _BINARY.items() if data.startswith(mark)), None)


def root_of(text: str) -> str:
    """Return the local name of the root element, without reading further; empty if there is none."""
    root = _ROOT.match(text[:_START])
    return root[1] if root else ""


def reject_root(root: str) -> None:
    """Raise BadValue for the root of a form of XML that is known and not read."""
    if root in _ROOTS:
        raise not_read(f"{_ROOTS[root]}, with the root {quote(root)}")


def reject(text: str) -> BadValue:
    """Return the error for a text that no reader knows: what it looks like, in one sentence."""
    start = text.lstrip()
    first_line = start.split("\n", 1)[0]
    if _HTML.match(start):
        title = _TITLE.search(start[:_START])
        named = f"entitled {quote(title[1].strip())}" if title else f"that begins {quote(first_line, 40)}"
        return not_read(f"an HTML page {named}, in which no question is recognised; perhaps an error page")
    if start.startswith("<"):
        return not_read(f"markup that begins {quote(first_line, 40)}")
    if separator := _column_separator(first_line):
        columns = first_line.split(separator)
        return not_read(f"a table (CSV) of {len(columns)} columns that begins {quote(first_line, 40)}")
    return not_read(f"a text that begins {quote(first_line, 40)}")


def json_lines() -> BadValue:
    """Return the error for JSON Lines."""
    return not_read("JSON Lines, an object on each line (a list of objects is read)")


def _column_separator(line: str) -> str | None:
    """Return what separates the names of columns in the first line of a table; None for a line of prose."""
    for separator in (";", "\t", ","):
        names = line.split(separator)
        if len(names) >= _MIN_COLUMNS and all(map(_COLUMN.fullmatch, names)):
            return separator
    return None


def not_read(found: str) -> BadValue:
    """Return the error for a form that is not read."""
    expected = "a document of the Assemblée nationale about a question"
    return BadValue(expected, f"{found}: {NOT_READ}", finding=Finding.FORM_NOT_READ)
