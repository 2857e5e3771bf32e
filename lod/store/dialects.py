"""The kinds of servers, with their addresses and limits; imported without any HTTP library."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lod.errors import Misused

if TYPE_CHECKING:
    from lod.store.client import StoreClient


class StoreKind(enum.StrEnum):
    """The kinds of servers that are supported."""

    OXIGRAPH = "oxigraph"
    VIRTUOSO = "virtuoso"
    FUSEKI = "fuseki"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What is particular to a kind of server: its addresses and its limits."""

    server_header: str
    """The beginning of its Server header."""
    query: str
    """The path of queries with credentials, as a load sends them."""
    public_query: str
    """The path of queries without credentials."""
    update: str
    data: str
    """The path of its Graph Store Protocol."""
    accepts_quads: bool
    """Whether one request can write to several graphs."""
    moves_per_request: int | None
    """The most graphs moved by one request; None for all of them, in one transaction."""
    graph_parameter: str = "graph"
    """The parameter with the IRI of a graph."""


DIALECTS = {
    StoreKind.OXIGRAPH: Dialect(
        server_header="Oxigraph",
        query="/query",
        public_query="/query",
        update="/update",
        data="/store?no_transaction",  # only staging graphs are written, which nobody reads
        accepts_quads=True,
        moves_per_request=None,
    ),
    StoreKind.FUSEKI: Dialect(
        server_header="Apache Jena Fuseki",
        query="/query",
        public_query="/query",
        update="/update",
        data="/data",
        accepts_quads=True,
        moves_per_request=None,
    ),
    StoreKind.VIRTUOSO: Dialect(
        server_header="Virtuoso",
        query="/sparql-auth",
        public_query="/sparql",
        update="/sparql-auth",
        data="/sparql-graph-crud-auth",
        accepts_quads=False,
        moves_per_request=20,  # twenty take 0.3 seconds, four hundred 22: the time grows with the square
        graph_parameter="graph-uri",
    ),
}


def detect(client: "StoreClient") -> StoreKind:
    """Return the kind of a server; raise Misused if its Server header is not that of a supported one."""
    kind = kind_of(client.get("/").headers.get("Server", ""))
    if kind is None:
        raise Misused(f"{client.address}: the server does not say which store it is; specify it with --kind")
    return kind


def kind_of(server_header: str) -> StoreKind | None:
    """Return the kind of server that sends this Server header; None if it is not a supported one."""
    header = server_header.lower()
    return next(
        (k for k, dialect in DIALECTS.items() if header.startswith(dialect.server_header.lower())), None
    )
