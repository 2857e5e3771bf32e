"""Requests as the SPARQL Protocol (SPARQL 1.1, section 2) defines them; whatever else arrives is refused."""

import asyncio
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from lod.errors import quote

MAX_QUERY_BYTES = 64 * 1024

FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
POST_TYPES = (QUERY, FORM)
"""The media types of a query that is sent by POST."""

_MAX_BODY_BYTES = 4 * MAX_QUERY_BYTES
_MAX_BODY_SECONDS = 20.0
_MAX_PARAMETERS = 100
_CHARSETS = ("utf-8", "utf8", "us-ascii")
"""The names of UTF-8, and of what is UTF-8 too."""
_IS_UPDATE = "updates are not allowed: this endpoint is read-only"


class RequestRefused(Exception):
    """A request that is not answered: an HTTP status, a sentence that says why, and further headers."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class SparqlRequest:
    """A SPARQL Protocol request: the query and its RDF dataset; without a query it is for a description.

    An empty name of a graph, as forms send it, names none.
    The parameters `format`, `output` and `lang` are extensions: names of formats of the answer, of which the
    first known one counts, and the language of the page.
    """

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    language: str | None = None

    @property
    def has_graphs(self) -> bool:
        """Whether the request selects graphs, and does not leave them to the query."""
        return bool(self.default_graphs or self.named_graphs)


async def parse_request(request: Request, base: str) -> SparqlRequest:
    """Parse a request by GET or POST; raise RequestRefused if the SPARQL Protocol does not allow it."""
    parameters = _parameters(request.scope["query_string"])
    if request.method == "POST":
        parameters += await _posted_parameters(request)
    if any(name == "update" for name, _ in parameters):
        raise RequestRefused(403, _IS_UPDATE)
    parsed = SparqlRequest(
        query=_single(parameters, "query"),
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
        formats=_values(parameters, "format") + _values(parameters, "output"),
        language=_single(parameters, "lang"),
    )
    if parsed.query is not None and len(parsed.query.encode()) > MAX_QUERY_BYTES:
        raise _too_large()
    check_graphs((*parsed.default_graphs, *parsed.named_graphs), base)
    return parsed


def check_graphs(graphs: tuple[str, ...], base: str) -> None:
    """Raise RequestRefused if the name of a graph cannot be one of the data under a base."""
    for graph in graphs:
        if not graph.startswith(base) or any(c in graph for c in '<>"{}|^`\\') or not graph.isprintable():
            raise RequestRefused(
                400, f"{quote(graph)} is not a graph of this data; the names of its graphs begin with {base}"
            )


async def _posted_parameters(request: Request) -> list[tuple[str, str]]:
    content_type = Message()
    content_type["Content-Type"] = request.headers.get("content-type", "")
    media_type = content_type.get_content_type()
    if media_type == UPDATE:
        raise RequestRefused(403, _IS_UPDATE)
    if media_type not in POST_TYPES:
        raise _not_supported("content type", media_type, " or ".join(POST_TYPES))
    charset = content_type.get_content_charset("utf-8")
    if charset not in _CHARSETS:
        raise _not_supported("charset", charset, "UTF-8")
    body = await _body(request)
    if media_type == FORM:
        return _parameters(body)
    try:
        return [("query", body.decode())]
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _not_supported(what: str, value: str, instead: str) -> RequestRefused:
    message = f"the {what} {quote(value)} is not supported; send {instead}"
    return RequestRefused(415, message, {"Accept-Post": ", ".join(POST_TYPES)})


async def _body(request: Request) -> bytes:
    body = b""
    try:
        async with asyncio.timeout(_MAX_BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _MAX_BODY_BYTES:
                    raise _too_large()
    except TimeoutError:
        message = f"the query did not arrive within {_MAX_BODY_SECONDS:g} seconds"
        raise RequestRefused(408, message, {"Connection": "close"}) from None
    except ClientDisconnect:
        raise RequestRefused(400, "the connection ended before the query was complete") from None
    return body


def _parameters(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            text.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS
        )
    except UnicodeDecodeError:
        raise _not_utf8() from None
    except ValueError:
        raise RequestRefused(
            400, f"the request has too many parameters; at most {_MAX_PARAMETERS} are allowed"
        ) from None


def _single(parameters: list[tuple[str, str]], name: str) -> str | None:
    values = _values(parameters, name)
    if len(values) > 1:
        raise RequestRefused(400, f"the parameter {name} occurs {len(values)} times; only one is allowed")
    return values[0] if values else None


def _values(parameters: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for each, value in parameters if each == name)


def _graphs(parameters: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(filter(None, _values(parameters, name)))


def _too_large() -> RequestRefused:
    message = f"the query is larger than {MAX_QUERY_BYTES >> 10} KB"
    return RequestRefused(413, message, {"Connection": "close"})


def _not_utf8() -> RequestRefused:
    return RequestRefused(400, "the query is not in UTF-8")
