"""The files of a release by the paths in its manifest: whole, in ranges, or not at all if unmodified."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from lod.errors import BadValue, CheckFailed, quote
from lod.formats import CONTENT_TYPES, is_compressible
from lod.release import MANIFEST
from lod.web.http.negotiation import accepts_gzip, list_header
from lod.web.http.responses import (
    MIN_COMPRESSED_BYTES,
    bad_parameter,
    is_unmodified,
    text_response,
    validators,
)
from lod.web.http.streaming import chunks
from lod.web.server.site import Site

_RANGE = re.compile(r"([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18}")
_NO_SUCH_FILE = "this release has no such file"


async def dump(request: Request, site: Site) -> Response:
    """Answer a path beneath `dumps/`."""
    return release_file(request, site, request.path_params["path"])


def release_file(request: Request, site: Site, path: str) -> Response:
    """Answer with the manifest or a file that it lists; with 404 to any other path."""
    try:
        file = site.release.folder / MANIFEST if path == MANIFEST else site.release.file(path)
    except CheckFailed:
        return text_response(404, _NO_SUCH_FILE)
    if not file.is_file():
        return text_response(404, _NO_SUCH_FILE)  # the release has been deleted meanwhile
    media_type = CONTENT_TYPES.get(path.rpartition(".")[2], "application/octet-stream")
    is_gzip = _sends_gzip(request, file, media_type)
    tag = site.release.sha256(path) or site.release.manifest.release
    headers = validators(f"{tag}-gz" if is_gzip else tag, site.modified) | {"Vary": "Accept-Encoding"}
    if is_unmodified(request, headers["ETag"], site.modified):
        return Response(status_code=304, headers=headers)
    if is_gzip:
        headers |= {"Content-Encoding": "gzip", "Content-Type": media_type}
        return StreamingResponse(_compressed(file), headers=headers)
    try:
        _check_range(request)
    except BadValue as error:
        return bad_parameter(error)
    return FileResponse(file, headers=headers, media_type=media_type)


def _sends_gzip(request: Request, file: Path, media_type: str) -> bool:
    """Return whether a file is sent compressed; a range is always one of the file as it is."""
    return (
        is_compressible(media_type)
        and file.stat().st_size >= MIN_COMPRESSED_BYTES
        and "range" not in request.headers
        and accepts_gzip(list_header(request, "accept-encoding"))
    )


async def _compressed(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as stream:
        async for chunk in chunks(stream, is_gzip=True):
            yield chunk


def _check_range(request: Request) -> None:
    """Remove a Range header that does not apply: in another unit, or of another method (RFC 9110, 14.2).

    Raise BadValue if it is malformed.
    """
    header = request.headers.get("range", "bytes=0-")
    unit, _, ranges = header.partition("=")
    if request.method != "GET" or unit.lower() != "bytes":
        request.scope["headers"] = [each for each in request.scope["headers"] if each[0] != b"range"]
    elif not _are_valid([each.strip() for each in ranges.split(",") if each.strip()]):
        raise BadValue("bytes such as bytes=0-499", quote(header)).at("Range")


def _are_valid(ranges: list[str]) -> bool:
    matches = [_RANGE.fullmatch(each) for each in ranges]
    return bool(matches) and all(
        match and int(match[1] or 0) <= int(match[2] or match[1] or 0) for match in matches
    )
