"""Answers over HTTP: validators and what they save, compression, headers that every answer has (RFC 9110)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from lod.compression import gzip_compress, gzip_decompress
from lod.errors import BadValue
from lod.web.http.negotiation import header, takes_gzip

CACHED = "public, max-age=300"
"""For how long an answer may be kept, though another release may be served meanwhile."""

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_LEAST = 1024
"""The bytes from which on a body is compressed."""


class Body(NamedTuple):
    """What is sent, maybe compressed with gzip already: the same as long as the tag is the same."""

    data: bytes
    tag: str
    modified: datetime
    is_gzip: bool = False


def respond(request: Request, body: Body, headers: Mapping[str, str]) -> Response:
    """Answer with a body, compressed for those who take that; with 304 to those who have it."""
    wants_gzip = takes_gzip(header(request, "accept-encoding"))
    sends_gzip = wants_gzip and (body.is_gzip or len(body.data) >= _LEAST)
    tag = f"{body.tag}-gz" if sends_gzip else body.tag
    said = {**validators(tag, body.modified), **headers}
    if is_known(request, said["ETag"], body.modified):
        return Response(status_code=304, headers={k: v for k, v in said.items() if k != "Content-Type"})
    if sends_gzip:
        said["Content-Encoding"] = "gzip"
        return Response(body.data if body.is_gzip else gzip_compress(body.data), headers=said)
    return Response(gzip_decompress(body.data) if body.is_gzip else body.data, headers=said)


def validators(tag: str, modified: datetime) -> dict[str, str]:
    """Give the headers by which a client knows later whether it has what would be sent."""
    day = format_datetime(modified, usegmt=True)
    return {"ETag": f'"{tag}"', "Last-Modified": day, "Cache-Control": CACHED}


def has_tag(request: Request, tag: str) -> bool:
    """Say whether a client gives the tag of what would be sent, or any."""
    tags = header(request, "if-none-match")
    return tags.strip() == "*" or tag in _TAG.findall(tags)


def is_known(request: Request, tag: str, modified: datetime) -> bool:
    """Say whether a client has what would be sent: by its tags, or if it gives none, by its very date.

    A later date is no better than another: a release may give way to the one that was before it.
    """
    if "if-none-match" in request.headers:
        return has_tag(request, tag)
    since = _day(request.headers.get("if-modified-since", ""))
    return since == modified


def _day(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def refused(error: BadValue) -> Response:
    """Answer that a parameter is not what it must be."""
    return text_response(400, f"{error.place}: {error}" if error.place else str(error))


def text_response(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with one sentence."""
    said = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", **(headers or {})}
    return Response(sentence + "\n", status, said)
