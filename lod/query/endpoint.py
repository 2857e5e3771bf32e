"""Queries to a remote SPARQL endpoint over HTTP; no other module of the package uses the network."""

import time
from urllib.parse import urlsplit

import requests

from lod.errors import Misused, StoreFailed

MAX_ANSWER_BYTES = 1 << 28

_CHUNK_BYTES = 2**16
_RESULTS = "application/sparql-results+json"
_GRAPH = "application/n-triples"
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
_CONNECTION_ERRORS = {
    "resol": "the name of the server is unknown",
    "refused": "nothing listens at this address",
    "certificate": "the certificate of the server is not valid",
}
"""What a connection error means, by a word of the library's message."""


def ask(query: str, address: str, *, is_graph: bool, seconds: float) -> bytes:
    """Send a query in a form, as in the SPARQL 1.1 Protocol; return results in JSON, or N-Triples.

    Redirects are not followed. Raise StoreFailed if no complete answer in that format arrives in time.
    """
    if "@" in urlsplit(address).netloc:
        raise Misused("the address must not contain a name or password; put them into ~/.netrc")
    media_type = _GRAPH if is_graph else _RESULTS
    try:
        deadline = time.monotonic() + seconds
        with requests.post(
            address,
            data={"query": query},
            headers={"Accept": media_type},
            timeout=seconds,
            stream=True,
            allow_redirects=False,
        ) as response:
            _check(response, address, media_type)
            return _body(response, address, deadline)
    except requests.Timeout:
        raise StoreFailed(
            f"{address}: no answer within {seconds:g} s; simplify the query or raise --timeout"
        ) from None
    except requests.RequestException as error:
        raise StoreFailed(f"{address}: no answer; {_cause(error)}") from None


def _check(response: requests.Response, address: str, media_type: str) -> None:
    if response.status_code != requests.codes.ok:
        hint = _STATUS_HINTS.get(response.status_code, response.reason)
        raise StoreFailed(f"{address}: no answer; the status is {response.status_code}: {hint}")
    found = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if found != media_type:
        found = found or "no media type"
        raise StoreFailed(
            f"{address}: expected {media_type}, found {found}; this may not be a SPARQL endpoint"
        )


def _body(response: requests.Response, address: str, deadline: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            size = MAX_ANSWER_BYTES >> 20
            raise StoreFailed(f"{address}: the answer is larger than {size} MB; simplify the query")
        if time.monotonic() > deadline:
            raise requests.Timeout
    return bytes(body)


def _cause(error: requests.RequestException) -> str:
    """Return why there is no answer, in the library's words if the cause is a rare one."""
    message = str(error) or type(error).__name__
    if not isinstance(error, requests.ConnectionError):
        return message
    causes = (cause for word, cause in _CONNECTION_ERRORS.items() if word in message.lower())
    return next(causes, message)
