"""The passages of a text that cite something, as links in its HTML, whose structure stays as it is."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lod.web.pages.language import Label
from lod.web.pages.links import Links

_TOKEN = re.compile(r"<[^>]*>|&[^;\s]{1,12};|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    """A passage of a text, its first character and its words, with what it cites."""

    start: int
    words: str
    cited: Label


def passages(work: dict[str, Any], links: Links) -> tuple[PassageView, ...]:
    """Return the passages of a question or of an answer that cite something, in the order of the text."""
    found = [
        PassageView(
            start=passage["selector"]["start"],
            words=passage["selector"]["exact"],
            cited=links.label(annotation["body"]),
        )
        for passage in work.get("passages", ())
        for annotation in passage["annotations"]
    ]
    return tuple(sorted(found, key=lambda each: each.start))


def link_passages(page: Markup, text: str, found: Sequence[PassageView]) -> Markup:
    """Return the HTML of a text with links where a passage cites something that has an address.

    The HTML may have other spaces than the text. A passage that it interrupts by an element stays as it is.
    """
    if not found:
        return page
    characters = list(_characters(page))
    squashed = "".join(character for character, _, _ in characters)
    inserted = dict[int, str]()
    for passage in found:
        words = _squash(passage.words)
        place = _occurrence(squashed, words, _squash(text[: passage.start]).count(words))
        if passage.cited.href is None or place is None:
            continue
        start, end = characters[place][1], characters[place + len(words) - 1][2]
        if (
            "<" not in page[start:end]
            and not _is_in_link(page, start)
            and not inserted.keys() & {*range(start, end)}
        ):
            link = Markup('<a class="cited" href="{}" title="{}">').format(
                passage.cited.href, passage.cited.text
            )
            inserted |= {start: str(link), end: "</a>"}
    parts, last = [], 0
    for place in sorted(inserted):
        parts += [str(page)[last:place], inserted[place]]
        last = place
    return Markup("".join([*parts, str(page)[last:]]))  # noqa: S704 - parts of safe HTML, and escaped links


def _is_in_link(page: str, place: int) -> bool:
    return page.rfind("<a ", 0, place) > page.rfind("</a>", 0, place)


def _characters(page: str) -> Iterator[tuple[str, int, int]]:
    """Yield the characters of the text of HTML except spaces, each with its place there."""
    for token in _TOKEN.finditer(page):
        if token[0][0] != "<" and not token[0].isspace():
            for character in _squash(html.unescape(token[0])):
                yield character, token.start(), token.end()


def _squash(text: str) -> str:
    return "".join(text.split())


def _occurrence(text: str, words: str, before: int) -> int | None:
    """Return where words occur for the nth time in a text, after so many times before."""
    place = -1
    for _ in range(before + 1):
        place = text.find(words, place + 1)
        if place < 0:
            return None
    return place
