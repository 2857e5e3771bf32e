"""The questions for programs: filtered, paged, as JSON-LD with a Hydra collection around them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from lod.errors import BadValue, quote
from lod.web.http.responses import refused, respond
from lod.web.index.reader import PAGE_SIZE, Index
from lod.web.index.search_parameters import FACETS, SINCE, UNTIL, WORDS, parse_filter
from lod.web.server.openapi import described
from lod.web.server.paging import DEEPEST, MOST, number
from lod.web.server.site import Site

_HYDRA = {
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "Collection": "hydra:Collection",
    "PartialCollectionView": "hydra:PartialCollectionView",
}


async def questions(request: Request, site: Site) -> Response:
    """Answer with a page of the questions that the parameters describe."""
    try:
        given = _given(request)
        collection = await site.made(lambda: _collection(site, given))
    except BadValue as error:
        return refused(error)
    view = collection["hydra:view"]
    links = [
        f'<{view[f"hydra:{word}"]["id"]}>; rel="{rel}"' for word, rel in _RELATIONS if f"hydra:{word}" in view
    ]
    headers = {"Content-Type": "application/ld+json", "Vary": "Accept-Encoding", "Link": ", ".join(links)}
    asked = hashlib.sha256(urlencode(sorted(given.items())).encode()).hexdigest()[:16]
    body = json.dumps(collection, ensure_ascii=False).encode()
    return respond(request, site.body(body, asked), headers)


async def openapi(request: Request, site: Site) -> Response:
    """Answer with the description of this interface."""
    body = json.dumps(described(site.address), ensure_ascii=False, indent=2).encode()
    headers = {"Content-Type": "application/json", "Vary": "Accept-Encoding"}
    return respond(request, site.body(body, "openapi"), headers)


_FILTERS = (WORDS, SINCE, UNTIL, *FACETS)
_PARAMETERS = (*_FILTERS, "page", "size")
_RELATIONS = (("first", "first"), ("previous", "prev"), ("next", "next"), ("last", "last"))


def _given(request: Request) -> dict[str, str]:
    """Give the parameters; raise BadValue for one that there is not, or that comes again."""
    for name in request.query_params:
        times = len(request.query_params.getlist(name))
        if name not in _PARAMETERS:
            raise BadValue(f"parameters of {', '.join(_PARAMETERS)}", quote(name))
        if times > 1:
            raise BadValue("one value", str(times)).at(name)
    return dict(request.query_params)


def _collection(site: Site, given: Mapping[str, str]) -> dict[str, Any]:
    """Give one page of the questions: whole documents, newest first, or the best match first."""
    page = number(given.get("page", "1"), "page", DEEPEST)
    size = number(given.get("size", str(PAGE_SIZE)), "size", MOST)
    filters, index = {name: given[name] for name in given if name in _FILTERS}, site.index
    which = parse_filter(filters, index)
    total = index.count(which)
    last = max(1, -(-total // size))
    rows = index.questions(which, skip=(page - 1) * size, limit=size)

    def at(place: int) -> dict[str, str]:
        return {"id": f"{site.root}api/questions?{urlencode({**filters, 'page': place, 'size': size})}"}

    beside = {"first": 1, "previous": page - 1, "next": page + 1, "last": last}
    return {
        "@context": [site.context, _HYDRA],
        "id": f"{site.root}api/questions?{urlencode(filters)}".rstrip("?"),
        "type": ["Collection"],
        "hydra:totalItems": total,
        "hydra:view": {
            **at(page),
            "type": ["PartialCollectionView"],
            **{f"hydra:{name}": at(place) for name, place in beside.items() if 1 <= place <= last},
        },
        "hydra:member": [_document(index, row.path) for row in rows],
    }


def _document(index: Index, path: str) -> dict[str, Any]:
    held = index.document(path)
    assert held is not None  # noqa: S101 - the index lists no question that it has not
    document: dict[str, Any] = index.json(held)
    del document["@context"]
    return document
