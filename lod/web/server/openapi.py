"""The OpenAPI description of what programs may ask, made from the same tables as the answers."""

from typing import Any

from lod.version import VERSION
from lod.web.http.headers import MEDIA
from lod.web.index.reader import PAGE_SIZE
from lod.web.index.search_parameters import EXAMPLES, MAX_CHARACTERS, SINCE, UNTIL, WORDS
from lod.web.server.paging import DEEPEST, MOST

_ABOUT = {
    WORDS: 'Words that occur in the title, the question or the answer; « "…" » in a row, « -word » not.',
    SINCE: "Published on this day or later.",
    UNTIL: "Published on this day or earlier.",
}
_SHORTER = "whole, or relative to the base and without « #id »"


def described(address: str) -> dict[str, Any]:
    """Describe the interface of the site at this address."""
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
        "paths": {"/api/questions": {"get": _questions()}, "/{path}": {"get": _document()}},
    }


def _questions() -> dict[str, Any]:
    words = [_parameter(name, about, {"type": "string"}) for name, about in _ABOUT.items()]
    words[0]["schema"]["maxLength"] = MAX_CHARACTERS
    for parameter in words[1:]:
        parameter["schema"]["format"] = "date"
    facets = [
        {**_parameter(facet, f"The {facet}: its IRI, {_SHORTER}.", {"type": "string"}), "example": example}
        for facet, example in EXAMPLES.items()
    ]
    return {
        "operationId": "questions",
        "summary": "Questions that have all that is asked for, newest first, or the best match first.",
        "parameters": [
            *words,
            *facets,
            _parameter("page", "Which page.", _number(1, DEEPEST)),
            _parameter("size", "How many questions a page has.", _number(PAGE_SIZE, MOST)),
        ],
        "responses": {
            "200": {
                "description": "A page of questions, each its whole document; Link leads to the other pages.",
                "headers": {"Link": {"schema": {"type": "string"}}},
                "content": {"application/ld+json": {"schema": _collection()}},
            },
            "304": {"description": "What is known already."},
            "400": _sentence("A parameter is none of these, comes twice, or is not what it must be."),
        },
    }


def _document() -> dict[str, Any]:
    path = _parameter("path", "An IRI relative to the base, such as an/17/qe/16300.", {"type": "string"})
    return {
        "operationId": "document",
        "summary": "What is said of an IRI of the base, in the format that is wanted.",
        "parameters": [{**path, "in": "path", "required": True}],
        "responses": {
            "200": {
                "description": "The document.",
                "content": {media.partition(";")[0]: {} for media in MEDIA.values()},
            },
            "304": {"description": "What is known already."},
            "404": _sentence("Nothing is said of it."),
            "406": _sentence("There is no such format; the answer lists those that there are."),
            "410": {"description": "It was published once, and withdrawn."},
        },
    }


def _collection() -> dict[str, Any]:
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


def _parameter(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": str(name), "in": "query", "description": about, "schema": dict(schema)}


def _number(usual: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": usual}


def _sentence(about: str) -> dict[str, Any]:
    return {"description": about, "content": {"text/plain": {"schema": {"type": "string"}}}}
