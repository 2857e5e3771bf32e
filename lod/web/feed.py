"""What tells others of what is new: the Atom feed (RFC 4287), and the site map of sitemaps.org."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from xml.etree import ElementTree as ET

from lod.web.index.index import Index, Row
from lod.web.index.question_filter import QuestionFilter
from lod.web.pages.language import Language

ENTRIES = 50
"""How many questions the feed has."""
MOST_ADDRESSES = 50_000
"""How many addresses one file of a site map may have."""

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_TITLE = "Questions à l’Assemblée nationale"
_SOURCE = "Assemblée nationale"


def atom(index: Index, address: str) -> bytes:
    """Write the newest questions as an Atom feed of the site at this address."""
    rows = index.questions(QuestionFilter(), most=ENTRIES)
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "fr"})
    _text(feed, "id", f"{index.base}questions.atom")
    _text(feed, "title", _TITLE)
    _text(feed, "updated", _instant(max((_changed(row) for row in rows), default="1958-10-05")))
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=f"{address}questions.atom")
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=address)
    _text(feed, "rights", f"{_SOURCE}, Licence Ouverte / Open Licence")
    for row in rows:
        feed.append(_entry(row, index.base, address))
    return _document(feed)


def sitemaps(index: Index, address: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Give what writes the site map: its files by name, `sitemap.xml` last, which lists the others."""
    pages = (held.path for held in index.documents() if held.kind not in ("elsewhere", "tombstone"))
    names = list[str]()
    while paths := list(islice(pages, MOST_ADDRESSES // 2)):
        names.append(f"sitemap-{len(names) + 1}.xml")
        yield names[-1], partial(_urls, paths, address)
    yield "sitemap.xml", partial(_listed, names, address)


def _urls(paths: Iterable[str], address: str) -> bytes:
    """List the pages of documents in both languages."""
    listed = ET.Element("urlset", xmlns=_SITEMAP)
    for path in paths:
        for language in Language:
            _text(ET.SubElement(listed, "url"), "loc", f"{address}{path}{language.suffix}")
    return _document(listed)


def _listed(names: Iterable[str], address: str) -> bytes:
    listed = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for name in names:
        _text(ET.SubElement(listed, "sitemap"), "loc", address + name)
    return _document(listed)


def _entry(row: Row, base: str, address: str) -> ET.Element:
    entry = ET.Element("entry")
    _text(entry, "id", base + row.path)
    _text(entry, "title", row.title)
    _text(entry, "published", _instant(row.published))
    _text(entry, "updated", _instant(_changed(row)))
    _text(ET.SubElement(entry, "author"), "name", row.author or _SOURCE)
    page = f"{address}{row.path}{Language.FR.suffix}"
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=page)
    data = f"{address}{row.path}.jsonld"
    ET.SubElement(entry, "link", rel="alternate", type="application/ld+json", href=data)
    said = [row.group, row.ministry, row.status]
    _text(entry, "summary", " · ".join(text for text in said if text))
    return entry


def _changed(row: Row) -> str:
    return max(row.published, row.answered or "")


def _instant(day: str) -> str:
    """Write a day as Atom wants it: an instant; nobody knows the hour of a page of the Journal officiel."""
    return f"{day}T00:00:00Z"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = "".join(c for c in text if c.isprintable() or c == "\n")


def _document(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
