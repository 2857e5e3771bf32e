"""HTTP responses: validators and conditional requests, compression, short texts (RFC 9110)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from lod.compression import gzip_compress, gzip_decompress
from lod.errors import BadValue
from lod.formats import CONTENT_TYPES, is_compressible
from lod.web.http.negotiation import accepts_gzip, list_header

CACHED = "public, max-age=300"
"""Five minutes: for that long clients may still show the release before."""

_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')
MIN_COMPRESSED_BYTES = 1024
"""The size from which a body is compressed."""


class Body(NamedTuple):
    """The content of a response, perhaps compressed with gzip; a tag stands for one content."""

    data: bytes
    tag: str
    modified: datetime
    is_gzip: bool = False


def respond(request: Request, body: Body, headers: Mapping[str, str]) -> Response:
    """Answer with a body, compressed if the client accepts that, or with 304 if the client has it."""
    is_accepted = accepts_gzip(list_header(request, "accept-encoding"))
    sends_gzip = is_accepted and (body.is_gzip or len(body.data) >= MIN_COMPRESSED_BYTES)
    tag = f"{body.tag}-gz" if sends_gzip else body.tag
    all_headers = {**validators(tag, body.modified), **headers}
    if is_unmodified(request, all_headers["ETag"], body.modified):
        all_headers.pop("Content-Type", None)
        return Response(status_code=304, headers=all_headers)
    if sends_gzip:
        all_headers["Content-Encoding"] = "gzip"
        return Response(body.data if body.is_gzip else gzip_compress(body.data), headers=all_headers)
    return Response(gzip_decompress(body.data) if body.is_gzip else body.data, headers=all_headers)


def compress(request: Request, response: Response) -> None:
    """Compress the body of a response if the client accepts that; its tag becomes that of the compressed one.

    A response with a Content-Encoding, a small one, and one that is sent in chunks stay as they are.
    """
    headers = response.headers
    if "content-encoding" in headers or not is_compressible(headers.get("content-type", "")):
        return
    if type(response) is not Response or len(response.body) < MIN_COMPRESSED_BYTES:
        return
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    if accepts_gzip(list_header(request, "accept-encoding")):
        response.body = gzip_compress(bytes(response.body))
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(response.body))
        if "etag" in headers:
            headers["ETag"] = compressed_tag(headers["ETag"])


def compressed_tag(tag: str) -> str:
    """Return the entity tag of a compressed body by that of the body."""
    return f'{tag.removesuffix(chr(34))}-gz"'


def validators(tag: str, modified: datetime) -> dict[str, str]:
    """Return the headers with which a client can ask later whether a response is still current."""
    day = format_datetime(modified, usegmt=True)
    return {"ETag": f'"{tag}"', "Last-Modified": day, "Cache-Control": CACHED}


def is_unmodified(request: Request, tag: str, modified: datetime) -> bool:
    """Return whether a client has the current response: by tag, or if it sends none, by exactly its date.

    A later date does not count: the release before may have been restored.
    """
    if "if-none-match" in request.headers:
        return matches_tag(request, tag)
    return _date(request.headers.get("if-modified-since", "")) == modified


def matches_tag(request: Request, tag: str) -> bool:
    """Return whether If-None-Match has a tag, or « * »."""
    tags = list_header(request, "if-none-match")
    return tags.strip() == "*" or tag in _ENTITY_TAG.findall(tags)


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def bad_parameter(error: BadValue) -> Response:
    """Answer 400 with what is wrong with a parameter."""
    return text_response(400, f"{error.place}: {error}" if error.place else str(error))


def text_response(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with one sentence of plain text."""
    defaults = {"Content-Type": CONTENT_TYPES["txt"], "Cache-Control": "no-store"}
    return Response(sentence + "\n", status, {**defaults, **(headers or {})})
