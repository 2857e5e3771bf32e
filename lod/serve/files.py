"""The files of a release, by the paths of its manifest: whole, in ranges, or known already."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from lod.errors import CheckFailed
from lod.release import MANIFEST
from lod.serve.answering import is_known, told, validators
from lod.serve.opened import Site

_MEDIA = {
    ".jsonld": "application/ld+json",
    ".ttl": "text/turtle; charset=utf-8",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".txt": "text/plain; charset=utf-8",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
    ".parquet": "application/vnd.apache.parquet",
}
_NONE = "there is no such file in this release"


async def file(request: Request, site: Site) -> Response:
    """Answer with a file of `dumps/`."""
    return send(request, site, request.path_params["path"])


def send(request: Request, site: Site, path: str) -> Response:
    """Answer with a file that the manifest lists, or with the manifest itself; 404 to anything else."""
    try:
        place = site.release.folder / MANIFEST if path == MANIFEST else site.release.file(path)
    except CheckFailed:
        return told(404, _NONE)
    if not place.is_file():
        return told(404, _NONE)  # somebody has taken the release away
    tag = site.release.sha256(path) or site.release.manifest.release
    headers = validators(tag, site.modified)
    if is_known(request, headers["ETag"], site.modified):
        return Response(status_code=304, headers=headers)
    _leave_odd_ranges(request)
    ending = "." + path.rpartition(".")[2]
    return FileResponse(place, headers=headers, media_type=_MEDIA.get(ending, "application/octet-stream"))


def _leave_odd_ranges(request: Request) -> None:
    """Take away a range in units that nobody knows here, or of what is not fetched (RFC 9110, 14.2)."""
    if request.method != "GET" or not request.headers.get("range", "bytes=").lower().startswith("bytes="):
        request.scope["headers"] = [each for each in request.scope["headers"] if each[0] != b"range"]
