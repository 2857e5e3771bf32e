"""What an address asks for: a path under the base; by its ending a format, a language, a page of a list."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_PAGE = re.compile(r"(?P<path>.+?)(?:\.(?P<page>[1-9][0-9]{0,5}))?(?P<english>\.en)?\.html", re.DOTALL)
_DATA = re.compile(r"(?P<path>.+)\.(?P<form>jsonld|ttl|nt)", re.DOTALL)


class RequestTarget(NamedTuple):
    """A path, and what its ending says; what it does not say is negotiated."""

    path: str
    form: str | None = None
    language: str | None = None
    page: int = 1


def targets(path: str) -> Iterator[RequestTarget]:
    """Give what an address may mean, the likeliest first.

    `jeu/questions.ttl` is the data set in Turtle, and also the name of one of its files;
    `logiciel/lod/0.1.2.html` is the page of a version, and may be the second page of another's.
    """
    if found := _PAGE.fullmatch(path):
        language = "en" if found["english"] else "fr"
        if found["page"]:
            yield RequestTarget(f"{found['path']}.{found['page']}", "html", language)
            yield RequestTarget(found["path"], "html", language, int(found["page"]))
        else:
            yield RequestTarget(found["path"], "html", language)
    if found := _DATA.fullmatch(path):
        yield RequestTarget(found["path"], found["form"])
    yield RequestTarget(path)
