"""The formats of answers: their short names, their media types, and the choice among them."""

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
"""The formats of rows and of truth values; the first is the default."""
GRAPH = {
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    PAGE: "text/html; charset=utf-8",
}
"""The formats of graphs; the first is the default."""
_OTHER_MEDIA_TYPES = {
    "json": ("application/json",),
    "xml": ("application/xml", "text/xml"),
    "ttl": ("application/x-turtle",),
    "jsonld": ("application/json",),
    PAGE: ("application/xhtml+xml",),
}


def negotiate(available: Mapping[str, str], accept: str, name: str | None) -> str:
    """Return the short name of the format that is named, or else of the best one for an Accept header.

    Raise RequestRefused, with a list of the available formats, if there is no such format.
    """
    if name is not None:
        if name not in available:
            names = ", ".join(available)
            raise RequestRefused(406, f"there is no format {quote(name, 30)} here; use format={names}")
        return name
    names_by_type = {media_type.partition(";")[0]: each for each, media_type in available.items()}
    names_by_type |= {other: each for each in available for other in _OTHER_MEDIA_TYPES.get(each, ())}
    try:
        best = negotiation.best_media_type(accept, tuple(names_by_type))
    except negotiation.HeaderTooLong as error:
        raise RequestRefused(400, str(error)) from None
    if best is None:
        formats = "".join(f"\n{media_type} (format={each})" for each, media_type in available.items())
        raise RequestRefused(406, f"{negotiation.NOT_ACCEPTABLE}:{formats}")
    return names_by_type[best]
