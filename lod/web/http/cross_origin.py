"""OPTIONS: what an address takes (RFC 9110, 9.3.7), also for browsers that ask first (CORS preflight)."""

import re
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

_HEADERS = "Accept, Accept-Language, Content-Type, If-None-Match, Range"
"""The headers that requests of any other site may have."""
_FIELD_NAMES = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z, -]+")


def options_response(
    request: Request, methods: Iterable[str], post_types: Iterable[str] | None = None
) -> Response:
    """Answer OPTIONS with the methods of an address and the media types that it takes by POST.

    The answer allows the headers that the browser asks for: no response depends on who sends a request.
    """
    allowed = ", ".join(sorted({*methods, "HEAD", "OPTIONS"}))
    requested = request.headers.get("access-control-request-headers", "")
    headers = {
        "Allow": allowed,
        "Access-Control-Allow-Methods": allowed,
        "Access-Control-Allow-Headers": requested if _FIELD_NAMES.fullmatch(requested) else _HEADERS,
        "Access-Control-Max-Age": "86400",
    }
    if post_types:
        headers["Accept-Post"] = ", ".join(post_types)
    return Response(status_code=204, headers=headers)
