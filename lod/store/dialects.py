"""The kinds of servers: their addresses, how they take quads, how much they do at once."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lod.errors import Misused

if TYPE_CHECKING:
    from lod.store.client import StoreClient


class StoreKind(enum.StrEnum):
    """The servers that are known."""

    OXIGRAPH = "oxigraph"
    VIRTUOSO = "virtuoso"
    FUSEKI = "fuseki"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a kind of server wants to be spoken to."""

    says: str
    """What its Server header begins with."""
    query: str
    """Where it is queried with credentials, as a load does."""
    public_query: str
    """Where anybody queries it."""
    update: str
    data: str
    """Where its Graph Store Protocol is."""
    takes_quads: bool
    """Whether it takes many graphs in one request."""
    moves: int | None
    """How many graphs are moved in one request; None for all at once, in one transaction."""
    graph: str = "graph"
    """The parameter that names a graph."""


DIALECTS = {
    StoreKind.OXIGRAPH: Dialect(
        says="Oxigraph",
        query="/query",
        public_query="/query",
        update="/update",
        data="/store?no_transaction",  # into the staging graphs alone, which nobody asks
        takes_quads=True,
        moves=None,
    ),
    StoreKind.FUSEKI: Dialect(
        says="Apache Jena Fuseki",
        query="/query",
        public_query="/query",
        update="/update",
        data="/data",
        takes_quads=True,
        moves=None,
    ),
    StoreKind.VIRTUOSO: Dialect(
        says="Virtuoso",
        query="/sparql-auth",
        public_query="/sparql",
        update="/sparql-auth",
        data="/sparql-graph-crud-auth",
        takes_quads=False,
        moves=20,  # twenty take 0.3 seconds, four hundred 22: the time grows with the square
        graph="graph-uri",
    ),
}


def detect(wire: "StoreClient") -> StoreKind:
    """Say which kind of server answers, by its own words; raise Misused if it is none that is known."""
    found = kind_of(wire.get("/").headers.get("Server", ""))
    if found is None:
        raise Misused(f"{wire.address}: the server does not say which store it is; tell it with --kind")
    return found


def kind_of(server: str) -> StoreKind | None:
    """Return the kind of server that sends this Server header, if it is a known one."""
    said = server.lower()
    return next((kind for kind, manners in DIALECTS.items() if said.startswith(manners.says.lower())), None)
