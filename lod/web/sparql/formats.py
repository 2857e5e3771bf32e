"""The formats of answers, and the choice among them."""

from collections.abc import Mapping, Sequence

from lod.formats import HTML, RDF, RESULTS, Format, by_media_type, named
from lod.web.http import negotiation
from lod.web.sparql.request import RequestRefused

ROWS = {**RESULTS, HTML.name: HTML}
"""The formats of rows and of truth values, by name; the first is the default."""
GRAPH = {name: RDF[name] for name in ("ttl", "nt", "rdf", "jsonld")} | {HTML.name: HTML}
"""The formats of graphs, by name; the first is the default."""


def negotiate(available: Mapping[str, Format], accept: str, names: Sequence[str]) -> Format:
    """Return the first format that is named and available, or else the best one for an Accept header.

    Names of formats are an extension of the protocol: unknown ones do not invalidate the header. Raise
    RequestRefused, with a list of the available formats, if none is acceptable.
    """
    if chosen := next(filter(None, (named(available.values(), name) for name in names)), None):
        return chosen
    by_type = by_media_type(available.values())
    try:
        best = negotiation.best_media_type(accept, tuple(by_type))
    except negotiation.HeaderTooLong as error:
        raise RequestRefused(400, str(error)) from None
    if best is None:
        types = "".join(f"\n{each.content_type} (format={each.name})" for each in available.values())
        raise RequestRefused(406, f"{negotiation.NOT_ACCEPTABLE}:{types}")
    return by_type[best]
