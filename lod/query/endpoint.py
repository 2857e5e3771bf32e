"""A SPARQL endpoint asked over HTTP: the one place of the queries that speaks to the network."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from lod.errors import Misused, StoreFailed
from lod.query import read_only
from lod.store.dialects import DIALECTS, kind_of

LARGEST = 1 << 28
"""The bytes an answer may have."""

_PIECE = 2**16
_ROWS = "application/sparql-results+json"
_GRAPH = "application/n-triples"
_SAID = {
    400: "it does not take the query",
    401: "it wants a name and a password, which are read from ~/.netrc",
    403: "it does not allow this",
    404: "there is no endpoint at this address",
    413: "the query is too long for it",
    429: "it is asked too often",
    503: "it is overloaded, or the query takes too long",
    504: "the query takes too long",
}
_ELSEWHERE = (404, 405)
_DEFAULT = "ASK WHERE { ?s ?p ?o }"
_NAMED = "ASK WHERE { GRAPH ?g { ?s ?p ?o } }"
_UNION = {"union-default-graph": "true"}
"""What Oxigraph's server takes beside a query."""
_EMPTY = (
    "the default graph is empty, all triples are in named graphs, and the query does not name any; start the "
    "server with the union of its graphs as the default graph (Fuseki: tdb2:unionDefaultGraph), or say FROM"
)
_UNREACHED = {
    "resol": "none: its name is not known",
    "refused": "none: nothing listens there",
    "certificate": "a certificate that is not valid",
}


class _NotHere(StoreFailed):
    """Nothing is queried at this address; perhaps at another one of the same server."""

    def __init__(self, words: str, server: str) -> None:
        super().__init__(words)
        kind = kind_of(server)
        self.path = DIALECTS[kind].public_query if kind else "/sparql"


def ask(text: str, address: str, *, is_graph: bool, seconds: float) -> tuple[bytes, str | None]:
    """Send a query to an endpoint or its server; return SPARQL results as JSON, or N-Triples, and a warning.

    If only named graphs hold triples, the query is put to their union where the server can do that, as
    Oxigraph can; where it cannot, the warning says so. Redirects are not followed. Raise StoreFailed if there
    is no whole answer of that kind within the time.
    """
    if "@" in urlsplit(address).netloc:
        raise Misused("expected an address without a name or password, found one: put them into ~/.netrc")
    deadline = time.monotonic() + seconds
    endpoint = _Endpoint(address, seconds, deadline)
    try:
        body = endpoint.ask(text, is_graph=is_graph)
    except _NotHere as error:
        endpoint = _Endpoint(address.rstrip("/") + error.path, seconds, deadline)
        try:
            body = endpoint.ask(text, is_graph=is_graph)
        except _NotHere:
            raise error from None
    if read_only.names_its_graphs(text) or not endpoint.has_named_alone():
        return body, None
    if endpoint.is_true(_DEFAULT, _UNION):
        return endpoint.ask(text, _UNION, is_graph=is_graph), None
    return body, f"{endpoint.address}: {_EMPTY}"


@dataclass(frozen=True, slots=True)
class _Endpoint:
    address: str
    seconds: float
    deadline: float

    def ask(self, text: str, more: Mapping[str, str] | None = None, *, is_graph: bool) -> bytes:
        """Send a query as a form, as SPARQL 1.1 Protocol says, perhaps with more parameters."""
        expected = _GRAPH if is_graph else _ROWS
        try:
            with requests.post(
                self.address,
                data={"query": text, **(more or {})},
                headers={"Accept": expected},
                timeout=max(self.deadline - time.monotonic(), 0.001),
                stream=True,
                allow_redirects=False,
            ) as response:
                _check(response, self.address, expected)
                return _body(response, self.address, self.deadline)
        except requests.Timeout:
            raise _late(self.address, self.seconds) from None
        except requests.RequestException as error:
            raise StoreFailed(f"{self.address}: expected an answer, found {_failure(error)}") from None

    def is_true(self, text: str, more: Mapping[str, str] | None = None) -> bool:
        """Return the answer to ASK; false if the server refuses it."""
        try:
            return b"true" in self.ask(text, more, is_graph=False)
        except StoreFailed:
            return False

    def has_named_alone(self) -> bool:
        """Return whether the default graph is empty and named graphs are not."""
        return not self.is_true(_DEFAULT) and self.is_true(_NAMED)


def _check(response: requests.Response, address: str, wanted: str) -> None:
    if response.status_code != requests.codes.ok:
        why = _SAID.get(response.status_code, response.reason)
        words = f"{address}: expected an answer, found {response.status_code}: {why}"
        if response.status_code in _ELSEWHERE:
            raise _NotHere(words, response.headers.get("Server", ""))
        raise StoreFailed(words)
    found = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if found != wanted:
        raise StoreFailed(
            f"{address}: expected {wanted}, found {found or 'no media type'}: is it an endpoint?"
        )


def _body(response: requests.Response, address: str, deadline: float) -> bytes:
    body = bytearray()
    for piece in response.iter_content(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise StoreFailed(f"{address}: expected at most {LARGEST >> 20} MB, found more: ask for less")
        if time.monotonic() > deadline:
            raise requests.Timeout
    return bytes(body)


def _failure(error: requests.RequestException) -> str:
    """Say why there is no answer; what is rare, in the words of the library."""
    told = str(error) or type(error).__name__
    known = (why for word, why in _UNREACHED.items() if word in told.lower())
    return next(known, told) if isinstance(error, requests.ConnectionError) else told


def _late(address: str, seconds: float) -> StoreFailed:
    return StoreFailed(
        f"{address}: expected an answer within {seconds:g} seconds, found none: "
        "ask for less, or say --timeout"
    )
