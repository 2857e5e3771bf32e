"""The JSON-LD interface of questions, filtered and in pages (Hydra), and its OpenAPI description."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from lod.errors import BadValue, quote
from lod.formats import CONTENT_TYPES, DOCUMENTS, RDF, TEXT
from lod.version import VERSION
from lod.web.http.responses import bad_parameter, respond
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.reader import PAGE_SIZE, Index
from lod.web.index.search_parameters import (
    FACETS,
    MAX_CHARACTERS,
    OVERDUE,
    SINCE,
    UNTIL,
    WORDS,
    example,
    parse_filter,
)
from lod.web.server.site import Site

MAX_PAGE = 1_000
"""The last page of a list of questions: the dumps are for clients that want all questions."""
_MAX_SIZE = 100
"""The most questions on one page."""
FILTERS = (WORDS, SINCE, UNTIL, OVERDUE, *FACETS)
_PARAMETERS = (*FILTERS, "page", "size")
_HYDRA = {
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "Collection": "hydra:Collection",
    "PartialCollectionView": "hydra:PartialCollectionView",
}
_LINK_RELATIONS = {"first": "first", "previous": "prev", "next": "next", "last": "last"}
"""The link relations of the pages of a Hydra collection."""


async def questions(request: Request, site: Site) -> Response:
    """Answer with one page of the questions that match the parameters."""
    try:
        parameters = read_parameters(request, _PARAMETERS)
        collection = await site.run_in_thread(lambda: _collection(site, parameters))
    except BadValue as error:
        return bad_parameter(error)
    view = collection["hydra:view"]
    links = [
        f'<{view[f"hydra:{name}"]["id"]}>; rel="{relation}"'
        for name, relation in _LINK_RELATIONS.items()
        if f"hydra:{name}" in view
    ]
    headers = {"Content-Type": RDF["jsonld"].media_type, "Vary": "Accept-Encoding", "Link": ", ".join(links)}
    body = json.dumps(collection, ensure_ascii=False).encode()
    return respond(request, site.body(body, parameters_digest(parameters)), headers)


def read_parameters(request: Request, known: Sequence[str]) -> dict[str, str]:
    """Return the parameters; raise BadValue if one is unknown or repeated."""
    for name in request.query_params:
        values = request.query_params.getlist(name)
        if name not in known:
            raise BadValue(f"the parameters {', '.join(known)}", quote(name))
        if len(values) > 1:
            raise BadValue("one value", str(len(values))).at(name)
    return dict(request.query_params)


def parameters_digest(parameters: Mapping[str, str]) -> str:
    """Return what stands for parameters, in whatever order they came, in an entity tag."""
    return hashlib.sha256(urlencode(sorted(parameters.items())).encode()).hexdigest()[:16]


def _collection(site: Site, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return one page of questions as whole documents, the newest or the best match first."""
    page = parse_number(parameters.get("page", "1"), "page", MAX_PAGE)
    size = parse_number(parameters.get("size", str(PAGE_SIZE)), "size", _MAX_SIZE)
    filters, index = {name: parameters[name] for name in parameters if name in FILTERS}, site.index
    question_filter = parse_filter(filters, index)
    total = index.count(question_filter)
    last = max(1, -(-total // size))
    rows = index.questions(question_filter, skip=(page - 1) * size, limit=size)

    def reference(number: int) -> dict[str, str]:
        return {"id": f"{site.root}api/questions?{urlencode({**filters, 'page': number, 'size': size})}"}

    pages = {"first": 1, "previous": page - 1, "next": page + 1, "last": last}
    return {
        "@context": [*site.context, _HYDRA],
        "id": f"{site.root}api/questions?{urlencode(filters)}".rstrip("?"),
        "type": ["Collection"],
        "hydra:totalItems": total,
        "hydra:view": {
            **reference(page),
            "type": ["PartialCollectionView"],
            **{f"hydra:{name}": reference(number) for name, number in pages.items() if 1 <= number <= last},
        },
        "hydra:member": [_member(index, row.path) for row in rows],
    }


def _member(index: Index, path: str) -> dict[str, Any]:
    document = index.document(path)
    assert document is not None  # noqa: S101 - the index lists only questions that it has
    node: dict[str, Any] = index.json(document)
    del node["@context"]
    return node


def parse_number(text: str, name: str, maximum: int) -> int:
    """Return the value of a numeric parameter; raise BadValue if it is not a number from 1 to the maximum."""
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= maximum):
        raise BadValue(f"a number from 1 to {maximum}", quote(text)).at(name)
    return int(text)


async def openapi(request: Request, site: Site) -> Response:
    """Answer with the OpenAPI description of the interface."""
    description = await site.run_in_thread(lambda: openapi_description(site.address, site.index))
    body = json.dumps(description, ensure_ascii=False, indent=2).encode()
    headers = {"Content-Type": CONTENT_TYPES["json"], "Vary": "Accept-Encoding"}
    return respond(request, site.body(body, "openapi"), headers)


_DESCRIPTIONS = {
    WORDS: 'Words in the title, the question or the answer; « "…" » is a phrase, « -word » excludes a word.',
    SINCE: "Published on this day or later.",
    UNTIL: "Published on this day or earlier.",
    OVERDUE: "Still unanswered on this day, after the last day on which the answer was due.",
}
_SHORT_IRI = "in full, or relative to the base and without « #id »"


def openapi_description(address: str, index: Index) -> dict[str, Any]:
    """Return the OpenAPI description of the interface of the site at an address.

    Its examples are of the release that is served, so that each of them can be tried.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Questions à l’Assemblée nationale",
            "version": VERSION,
            "summary": "The parliamentary questions of the Assemblée nationale as linked data.",
            "license": {
                "name": "Licence Ouverte / Open Licence 2.0",
                "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
            },
        },
        "servers": [{"url": address.rstrip("/")}],
        "paths": {
            "/api/questions": {"get": _questions_operation(index)},
            "/{path}": {"get": _document_operation(index)},
        },
    }


def _questions_operation(index: Index) -> dict[str, Any]:
    filters = [_parameter(name, text, {"type": "string"}) for name, text in _DESCRIPTIONS.items()]
    filters[0]["schema"]["maxLength"] = MAX_CHARACTERS
    for parameter in filters[1:]:
        parameter["schema"]["format"] = "date"
    facets = [
        {
            **_parameter(facet, f"The {facet}: its IRI, {_SHORT_IRI}.", {"type": "string"}),
            **_example(example(facet, index)),
        }
        for facet in FACETS
    ]
    return {
        "operationId": "questions",
        "summary": "Questions that match all parameters, the newest or the best match first.",
        "parameters": [
            *filters,
            *facets,
            _parameter("page", "The number of the page.", _number_schema(1, MAX_PAGE)),
            _parameter("size", "The number of questions on a page.", _number_schema(PAGE_SIZE, _MAX_SIZE)),
        ],
        "responses": {
            "200": {
                "description": "A page of questions, each a whole document; Link has the other pages.",
                "headers": {"Link": {"schema": {"type": "string"}}},
                "content": {RDF["jsonld"].media_type: {"schema": _collection_schema()}},
            },
            "304": {"description": "The client has the current response."},
            "400": _text_response("A parameter is unknown, repeated or not valid."),
        },
    }


def _document_operation(index: Index) -> dict[str, Any]:
    path = _parameter("path", f"An IRI relative to the base {index.base}.", {"type": "string"})
    newest = index.questions(QuestionFilter(), limit=1)
    return {
        "operationId": "document",
        "summary": "The document of an IRI of the base, in the format that is negotiated.",
        "parameters": [
            {**path, "in": "path", "required": True, **_example(newest[0].path if newest else None)}
        ],
        "responses": {
            "200": {
                "description": "The document.",
                "content": {each.media_type: {} for each in DOCUMENTS.values()},
            },
            "304": {"description": "The client has the current response."},
            "404": _text_response("Nothing is published at this IRI."),
            "406": _text_response("No acceptable format is available; the response lists those that are."),
            "410": {"description": "The document was published and has been withdrawn."},
        },
    }


def _collection_schema() -> dict[str, Any]:
    node = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    return {
        "type": "object",
        "required": ["@context", "id", "type", "hydra:totalItems", "hydra:view", "hydra:member"],
        "properties": {
            "hydra:totalItems": {"type": "integer"},
            "hydra:view": node,
            "hydra:member": {"type": "array", "items": node},
        },
    }


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": str(name), "in": "query", "description": description, "schema": dict(schema)}


def _example(value: str | None) -> dict[str, str]:
    return {} if value is None else {"example": value}


def _number_schema(default: int, maximum: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": maximum, "default": default}


def _text_response(description: str) -> dict[str, Any]:
    return {"description": description, "content": {TEXT: {"schema": {"type": "string"}}}}
