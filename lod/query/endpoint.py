"""A SPARQL endpoint asked over HTTP: the one place of the queries that speaks to the network."""

import time
from urllib.parse import urlsplit

import requests

from lod.errors import Misused, StoreFailed

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
_UNREACHED = {
    "resol": "none: its name is not known",
    "refused": "none: nothing listens there",
    "certificate": "a certificate that is not valid",
}


def ask(text: str, address: str, *, is_graph: bool, seconds: float) -> bytes:
    """Send a query as a form, as SPARQL 1.1 Protocol says; give SPARQL results as JSON, or N-Triples.

    Redirects are not followed. Raise StoreFailed if there is no whole answer of that kind within the time.
    """
    if "@" in urlsplit(address).netloc:
        raise Misused("expected an address without a name or password, found one: put them into ~/.netrc")
    wanted = _GRAPH if is_graph else _ROWS
    try:
        deadline = time.monotonic() + seconds
        with requests.post(
            address,
            data={"query": text},
            headers={"Accept": wanted},
            timeout=seconds,
            stream=True,
            allow_redirects=False,
        ) as response:
            _check(response, address, wanted)
            return _body(response, address, deadline)
    except requests.Timeout:
        raise _late(address, seconds) from None
    except requests.RequestException as error:
        raise StoreFailed(f"{address}: expected an answer, found {_failure(error)}") from None


def _check(response: requests.Response, address: str, wanted: str) -> None:
    if response.status_code != requests.codes.ok:
        why = _SAID.get(response.status_code, response.reason)
        raise StoreFailed(f"{address}: expected an answer, found {response.status_code}: {why}")
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
