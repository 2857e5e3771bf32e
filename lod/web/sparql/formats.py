"""The formats of SPARQL: their short names, their media types, and which of them a request would have."""

from collections.abc import Mapping

from lod.errors import quote
from lod.web.http import negotiation
from lod.web.sparql.request import RequestRefused

PAGE = "html"
ROWS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    PAGE: "text/html; charset=utf-8",
}
GRAPH = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    PAGE: "text/html; charset=utf-8",
}
_ALSO = {
    "json": ("application/json",),
    "xml": ("application/xml", "text/xml"),
    "ttl": ("application/x-turtle",),
    "jsonld": ("application/json",),
    PAGE: ("application/xhtml+xml",),
}


def chosen(offered: Mapping[str, str], accept: str, short: str | None) -> str:
    """Give the short name of the format that is wanted: the one that is named, else the best for Accept.

    Raise Refusal, with the list of what there is, if there is none such.
    """
    if short is not None:
        if short not in offered:
            raise RequestRefused(406, f"expected format={', '.join(offered)}, found {quote(short, 30)}")
        return short
    names = {media.partition(";")[0]: form for form, media in offered.items()}
    names |= {media: form for form in offered for media in _ALSO.get(form, ())}
    try:
        best = negotiation.best(accept, tuple(names))
    except negotiation.TooMuch as error:
        raise RequestRefused(400, str(error)) from None
    if best is None:
        listed = "".join(f"\n{media} (format={form})" for form, media in offered.items())
        raise RequestRefused(406, f"expected one of these media types in Accept:{listed}")
    return names[best]
