"""The formats of answers, and the choice among them."""

from collections.abc import Mapping

from lod.errors import quote
from lod.formats import HTML, RDF, RESULTS, Format
from lod.web.http import negotiation
from lod.web.sparql.request import RequestRefused

ROWS = {**RESULTS, HTML.name: HTML}
"""The formats of rows and of truth values, by name; the first is the default."""
GRAPH = {name: RDF[name] for name in ("ttl", "nt", "rdf", "jsonld")} | {HTML.name: HTML}
"""The formats of graphs, by name; the first is the default."""


def negotiate(available: Mapping[str, Format], accept: str, name: str | None) -> Format:
    """Return the format that is named, or else the best one for an Accept header.

    Raise RequestRefused, with a list of the available formats, if there is no such format.
    """
    if name is not None:
        if name not in available:
            names = ", ".join(available)
            raise RequestRefused(406, f"there is no format {quote(name, 30)} here; use format={names}")
        return available[name]
    by_type = {each.media_type: each for each in available.values()}
    by_type |= {other: each for each in available.values() for other in each.media_types[1:]}
    try:
        best = negotiation.best_media_type(accept, tuple(by_type))
    except negotiation.HeaderTooLong as error:
        raise RequestRefused(400, str(error)) from None
    if best is None:
        types = "".join(f"\n{each.content_type} (format={each.name})" for each in available.values())
        raise RequestRefused(406, f"{negotiation.NOT_ACCEPTABLE}:{types}")
    return by_type[best]
