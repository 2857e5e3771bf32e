"""Values that any printed line may hold: links, Markdown, people, ministries, days with pages."""

import re
from datetime import date
from typing import NamedTuple

from lod.errors import BadValue, quote
from lod.model import JournalPage, Ministry
from lod.source import french

BLANKS = " \t\u00a0\u202f"

_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)\)")
_PAGE = re.compile(r" ?,? ?\bpage\b ?:? ?", re.IGNORECASE)


class LinkedValue(NamedTuple):
    """A value, plain or as a Markdown link, and the address the link leads to."""

    text: str
    target: str


class Person(NamedTuple):
    """A deputy as printed: civility and name, and the official id if a link contains it."""

    civility: str | None
    name: str
    official_id: str | None


class DatedPage(NamedTuple):
    """A day of the Journal officiel, the page, and what is wrong with that as printed."""

    on: date
    page: str | None
    bad_page: BadValue | None

    @property
    def publication(self) -> JournalPage:
        """The day and page as a publication."""
        return JournalPage(on=self.on, page=self.page)


def strip_markdown(line: str) -> str:
    """Return a line of structure with single spaces, without Markdown's marks of headings and bold text."""
    return french.squeeze(line.replace("**", "").lstrip("#"))


def strip_links(text: str) -> str:
    """Return a text in which each link is replaced by its words."""
    return _LINK.sub(lambda link: link["text"], text)


def parse_link(value: str) -> LinkedValue:
    """Split a link « [value](address) », or accept a plain value."""
    link = _LINK.fullmatch(value.strip(BLANKS))
    linked = LinkedValue(link["text"], link["target"]) if link else LinkedValue(value, "")
    if not linked.text.strip(BLANKS) or (not link and "](" in value):
        raise BadValue("a value, bare or as a link « [value](address) »", quote(value))
    return linked


def linked_official_id(linked: LinkedValue, prefix: str) -> str | None:
    """Return the official id in a link's address, such as PA841339; raise BadValue if there are two."""
    ids = set(re.findall(rf"(?<![A-Za-z0-9]){prefix}[0-9]{{1,9}}(?![A-Za-z0-9])", linked.target, re.ASCII))
    if len(ids) > 1:
        raise BadValue("one official id", " and ".join(sorted(ids)))
    return ids.pop() if ids else None


def parse_person(value: str) -> Person:
    """Parse « [M. Jean-Michel Brard](address) », or the same without a link."""
    linked = parse_link(value)
    return Person(*french.parse_civility_and_name(linked.text), linked_official_id(linked, "PA"))


def parse_ministry(value: str) -> Ministry:
    """Parse a ministry's name, linked or plain."""
    linked = parse_link(value)
    return Ministry(label=french.squeeze(linked.text), official_id=linked_official_id(linked, "PO"))


def parse_dated_page(value: str) -> DatedPage:
    """Parse « [23 juin 2026](address), page 5635 » or « 21/08/2012 page : 4774 »; the page is optional.

    A bad page is left out, and returned as an error.
    """
    plain = french.squeeze(strip_links(value)).removeprefix("du ")
    day, *pages = _PAGE.split(plain, maxsplit=1)
    on = french.parse_day(day)
    try:
        return DatedPage(on, french.parse_page(pages[0]) if pages and pages[0] else None, None)
    except BadValue as bad:
        return DatedPage(on, None, bad)
