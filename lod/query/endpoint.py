"""Queries to a remote SPARQL endpoint over HTTP; no other module of the package uses the network."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from lod import formats
from lod.errors import Misused, StoreFailed
from lod.query import read_only
from lod.store.deadline import AnswerTooLong, DeadlineSession, read_body
from lod.store.dialects import DIALECTS, kind_of

MAX_ANSWER_BYTES = 1 << 28

_RESULTS = formats.RESULTS["json"].media_type
_GRAPH = formats.RDF["nt"].media_type
_STATUS_HINTS = {
    400: "it does not accept the query",
    401: "it needs a name and a password; they are read from ~/.netrc",
    403: "access is forbidden",
    404: "there is no endpoint at this address",
    413: "the query is too long for it",
    429: "it has received too many requests",
    503: "it is overloaded, or the query takes too long",
    504: "the query takes too long",
}
_NO_ENDPOINT = (404, 405)
"""The statuses of an address that is perhaps that of a server with an endpoint at another one."""
_CONNECTION_ERRORS = {
    "resol": "the name of the server is unknown",
    "refused": "nothing listens at this address",
    "certificate": "the certificate of the server is not valid",
}
"""What a connection error means, by a word of the library's message."""

_ANY_IN_DEFAULT_GRAPH = "ASK WHERE { ?s ?p ?o }"
_ANY_IN_NAMED_GRAPH = "ASK WHERE { GRAPH ?g { ?s ?p ?o } }"
_UNION = {"union-default-graph": "true"}
"""A parameter of Oxigraph's server: the default graph is the union of all graphs."""
_EMPTY_DEFAULT_GRAPH = (
    "the default graph is empty, all triples are in named graphs, and the query does not name any; start the "
    "server with the union of its graphs as the default graph (Fuseki: tdb2:unionDefaultGraph), or use FROM"
)


class _NoEndpoint(StoreFailed):
    """There is no endpoint at this address, but perhaps at another one of the same server."""

    def __init__(self, message: str, server: str) -> None:
        super().__init__(message)
        kind = kind_of(server)
        self.path = DIALECTS[kind].public_query if kind else "/sparql"


def ask(query: str, address: str, *, is_graph: bool, seconds: float) -> tuple[bytes, str | None]:
    """Send a query to an endpoint or its server; return SPARQL results in JSON or N-Triples, and a warning.

    If only named graphs have triples, the query is about their union if the server supports that, as Oxigraph
    does; otherwise there is a warning. Redirects are not followed. Raise StoreFailed if no complete answer in
    the requested format arrives in time.
    """
    if "@" in urlsplit(address).netloc:
        raise Misused("the address must not contain a name or password; put them into ~/.netrc")
    deadline = time.monotonic() + seconds
    endpoint = _Endpoint(address, seconds, deadline)
    try:
        body = endpoint.ask(query, is_graph=is_graph)
    except _NoEndpoint as error:
        endpoint = _Endpoint(address.rstrip("/") + error.path, seconds, deadline)
        try:
            body = endpoint.ask(query, is_graph=is_graph)
        except _NoEndpoint:
            raise error from None
    if read_only.names_its_graphs(query) or not endpoint.has_only_named_graphs():
        return body, None
    if endpoint.is_true(_ANY_IN_DEFAULT_GRAPH, _UNION):
        return endpoint.ask(query, _UNION, is_graph=is_graph), None
    return body, f"{endpoint.address}: {_EMPTY_DEFAULT_GRAPH}"


@dataclass(frozen=True, slots=True)
class _Endpoint:
    address: str
    seconds: float
    deadline: float

    def ask(self, query: str, parameters: Mapping[str, str] | None = None, *, is_graph: bool) -> bytes:
        """Send a query in a form, as in the SPARQL 1.1 Protocol, perhaps with further parameters."""
        media_type = _GRAPH if is_graph else _RESULTS
        try:
            with (
                DeadlineSession() as session,
                session.deadline(self.deadline),
                session.post(
                    self.address,
                    data={"query": query, **(parameters or {})},
                    headers={"Accept": media_type},
                    timeout=max(self.deadline - time.monotonic(), 0.001),
                    stream=True,
                    allow_redirects=False,
                ) as response,
            ):
                _check(response, self.address, media_type)
                return read_body(response, MAX_ANSWER_BYTES)
        except AnswerTooLong:
            size = MAX_ANSWER_BYTES >> 20
            raise StoreFailed(
                f"{self.address}: the answer is larger than {size} MB; simplify the query"
            ) from None
        except requests.Timeout:
            raise StoreFailed(
                f"{self.address}: no answer within {self.seconds:g} s; simplify the query or raise --timeout"
            ) from None
        except requests.RequestException as error:
            raise StoreFailed(f"{self.address}: no answer; {_cause(error)}") from None

    def is_true(self, query: str, parameters: Mapping[str, str] | None = None) -> bool:
        """Return the answer to an ASK query; false if the server refuses it."""
        try:
            return b"true" in self.ask(query, parameters, is_graph=False)
        except StoreFailed:
            return False

    def has_only_named_graphs(self) -> bool:
        """Return whether the default graph is empty and named graphs are not."""
        return not self.is_true(_ANY_IN_DEFAULT_GRAPH) and self.is_true(_ANY_IN_NAMED_GRAPH)


def _check(response: requests.Response, address: str, media_type: str) -> None:
    if response.status_code != requests.codes.ok:
        hint = _STATUS_HINTS.get(response.status_code, response.reason)
        message = f"{address}: no answer; the status is {response.status_code}: {hint}"
        if response.status_code in _NO_ENDPOINT:
            raise _NoEndpoint(message, response.headers.get("Server", ""))
        raise StoreFailed(message)
    found = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if found != media_type:
        found = found or "no media type"
        raise StoreFailed(
            f"{address}: expected {media_type}, found {found}; this may not be a SPARQL endpoint"
        )


def _cause(error: requests.RequestException) -> str:
    """Return why there is no answer, in the library's words if the cause is a rare one."""
    message = str(error) or type(error).__name__
    if not isinstance(error, requests.ConnectionError):
        return message
    causes = (cause for word, cause in _CONNECTION_ERRORS.items() if word in message.lower())
    return next(causes, message)
