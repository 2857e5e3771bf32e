"""The files of a release, by the paths of its manifest: whole, in ranges, or known already."""

import re

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from lod.errors import BadValue, CheckFailed, quote
from lod.release import MANIFEST
from lod.web.http.headers import ENDINGS
from lod.web.http.responses import is_known, refused, text_response, validators
from lod.web.server.site import Site

_RANGE = re.compile(r"([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18}")
_NONE = "there is no such file in this release"


async def file(request: Request, site: Site) -> Response:
    """Answer with a file of `dumps/`."""
    return send(request, site, request.path_params["path"])


def send(request: Request, site: Site, path: str) -> Response:
    """Answer with a file that the manifest lists, or with the manifest itself; 404 to anything else."""
    try:
        place = site.release.folder / MANIFEST if path == MANIFEST else site.release.file(path)
    except CheckFailed:
        return text_response(404, _NONE)
    if not place.is_file():
        return text_response(404, _NONE)  # somebody has taken the release away
    tag = site.release.sha256(path) or site.release.manifest.release
    headers = validators(tag, site.modified)
    if is_known(request, headers["ETag"], site.modified):
        return Response(status_code=304, headers=headers)
    try:
        _look_at_range(request)
    except BadValue as error:
        return refused(error)
    media = ENDINGS.get(path.rpartition(".")[2], "application/octet-stream")
    return FileResponse(place, headers=headers, media_type=media)


def _look_at_range(request: Request) -> None:
    """Take away a range in units that nobody knows here, or of what is not fetched (RFC 9110, 14.2).

    Raise BadValue for one in bytes that is malformed.
    """
    asked = request.headers.get("range", "bytes=0-")
    units, _, ranges = asked.partition("=")
    if request.method != "GET" or units.lower() != "bytes":
        request.scope["headers"] = [each for each in request.scope["headers"] if each[0] != b"range"]
    elif not _are_ranges([each.strip() for each in ranges.split(",") if each.strip()]):
        raise BadValue("bytes such as bytes=0-499", quote(asked)).at("Range")


def _are_ranges(told: list[str]) -> bool:
    found = [_RANGE.fullmatch(each) for each in told]
    return bool(found) and all(each and int(each[1] or 0) <= int(each[2] or each[1] or 0) for each in found)
