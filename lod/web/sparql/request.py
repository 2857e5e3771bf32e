"""What a request asks of the endpoint, as SPARQL 1.1 Protocol says; whatever else it is, is refused."""

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from lod.errors import quote

LARGEST = 64 * 1024
"""The bytes that a query may have."""

FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)

_LARGEST_BODY = 4 * LARGEST
_SLOWEST = 20.0
"""Seconds in which the body of a request must have come."""

_FIELDS = 100


class RequestRefused(Exception):
    """The request is not answered as it stands: a status, a sentence, headers that go with them."""

    def __init__(self, status: int, says: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(says)
        self.status = status
        self.says = says
        self.headers = headers or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SparqlRequest:
    """A query, or none; the graphs and the format that are named beside it; the language of the page."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    form: str | None = None
    language: str | None = None


async def parse_request(request: Request, base: str) -> SparqlRequest:
    """Read a request; raise Refusal if an endpoint that only reads graphs under the base has no answer."""
    fields = _fields(request.scope["query_string"])
    if request.method == "POST":
        fields += await _posted(request)
    if any(name == "update" for name, _ in fields):
        raise RequestRefused(403, "expected a query, found an update: the data can only be read here")
    found = SparqlRequest(
        query=_once(fields, "query"),
        default_graphs=_all(fields, "default-graph-uri"),
        named_graphs=_all(fields, "named-graph-uri"),
        form=_once(fields, "format"),
        language=_once(fields, "lang"),
    )
    if found.query is not None and len(found.query.encode()) > LARGEST:
        raise _too_large()
    check_graphs((*found.default_graphs, *found.named_graphs), base)
    return found


def check_graphs(graphs: tuple[str, ...], base: str) -> None:
    """Raise Refusal if a graph that is asked for cannot be one of this data."""
    for graph in graphs:
        if not graph.startswith(base) or any(c in graph for c in '<>"{}|^`\\') or not graph.isprintable():
            raise RequestRefused(400, f"expected graphs whose names begin with {base}, found {quote(graph)}")


async def _posted(request: Request) -> list[tuple[str, str]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == UPDATE:
        raise RequestRefused(403, "expected a query, found an update: the data can only be read here")
    if kind not in (FORM, QUERY):
        raise RequestRefused(
            415, f"expected {QUERY} or {FORM}, found {quote(kind)}", {"Accept-Post": f"{QUERY}, {FORM}"}
        )
    body = await _body(request)
    if kind == FORM:
        return _fields(body)
    try:
        return [("query", body.decode())]
    except UnicodeDecodeError:
        raise _no_utf8() from None


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async with asyncio.timeout(_SLOWEST):
            async for piece in request.stream():
                body += piece
                if len(body) > _LARGEST_BODY:
                    raise _too_large()
    except TimeoutError:
        raise RequestRefused(
            408, f"expected the query within {_SLOWEST:g} seconds", {"Connection": "close"}
        ) from None
    except ClientDisconnect:
        raise RequestRefused(400, "expected a whole query") from None
    return body


def _fields(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError:
        raise _no_utf8() from None
    except ValueError:
        raise RequestRefused(400, f"expected at most {_FIELDS} parameters, found more") from None


def _once(fields: list[tuple[str, str]], wanted: str) -> str | None:
    found = _all(fields, wanted)
    if len(found) > 1:
        raise RequestRefused(400, f"expected one parameter {wanted}, found {len(found)}")
    return found[0] if found else None


def _all(fields: list[tuple[str, str]], wanted: str) -> tuple[str, ...]:
    return tuple(value for name, value in fields if name == wanted)


def _too_large() -> RequestRefused:
    return RequestRefused(
        413, f"expected a query of at most {LARGEST >> 10} KB, found more", {"Connection": "close"}
    )


def _no_utf8() -> RequestRefused:
    return RequestRefused(400, "expected a query in UTF-8, found bytes that are not")
