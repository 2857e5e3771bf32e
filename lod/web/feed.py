"""The Atom feed of new questions (RFC 4287) and the site map (sitemaps.org)."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from xml.etree import ElementTree as ET

from lod.formats import CONTENT_TYPES, HTML, RDF
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.reader import Index, QuestionSummary
from lod.web.pages import LISTS, Language

FEED_ENTRIES = 50
"""How many questions the feed has."""
MAX_URLS = 50_000
"""The limit of the site map protocol for one file."""

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_TITLE = "Questions à l’Assemblée nationale"
_SOURCE = "Assemblée nationale"
_FIFTH_REPUBLIC = "1958-10-05"


def atom_feed(index: Index, address: str) -> bytes:
    """Return the newest questions as an Atom feed of the site at an address."""
    questions = index.questions(QuestionFilter(), limit=FEED_ENTRIES)
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "fr"})
    _add_text(feed, "id", f"{index.base}questions.atom")
    _add_text(feed, "title", _TITLE)
    _add_text(feed, "updated", _instant(max(map(_last_change, questions), default=_FIFTH_REPUBLIC)))
    ET.SubElement(feed, "link", rel="self", type=CONTENT_TYPES["atom"], href=f"{address}questions.atom")
    ET.SubElement(feed, "link", rel="alternate", type=HTML.media_type, href=address)
    _add_text(feed, "rights", f"{_SOURCE}, Licence Ouverte / Open Licence")
    for question in questions:
        feed.append(_entry(question, index.base, address))
    return _serialize(feed)


def sitemaps(index: Index, address: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield the files of the site map as name and writing function; the index, `sitemap.xml`, comes last.

    Each page is listed at the address that it names as its canonical one.
    """
    documents = (each.path for each in index.documents() if each.kind not in ("replaced", "tombstone"))
    paths = chain(("index", *LISTS), documents)
    names = list[str]()
    while batch := list(islice(paths, MAX_URLS // len(Language))):
        names.append(f"sitemap-{len(names) + 1}.xml")
        yield names[-1], partial(_urlset, batch, address)
    yield "sitemap.xml", partial(_sitemap_index, names, address)


def _urlset(paths: Iterable[str], address: str) -> bytes:
    urlset = ET.Element("urlset", xmlns=_SITEMAP)
    for path in paths:
        for language in Language:
            _add_text(ET.SubElement(urlset, "url"), "loc", f"{address}{path}{language.suffix}")
    return _serialize(urlset)


def _sitemap_index(names: Iterable[str], address: str) -> bytes:
    index = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for name in names:
        _add_text(ET.SubElement(index, "sitemap"), "loc", address + name)
    return _serialize(index)


def _entry(question: QuestionSummary, base: str, address: str) -> ET.Element:
    entry = ET.Element("entry")
    _add_text(entry, "id", base + question.path)
    _add_text(entry, "title", question.title)
    _add_text(entry, "published", _instant(question.published))
    _add_text(entry, "updated", _instant(_last_change(question)))
    _add_text(ET.SubElement(entry, "author"), "name", question.author or _SOURCE)
    page = f"{address}{question.path}{Language.FR.suffix}"
    ET.SubElement(entry, "link", rel="alternate", type=HTML.media_type, href=page)
    data = f"{address}{question.path}.jsonld"
    ET.SubElement(entry, "link", rel="alternate", type=RDF["jsonld"].media_type, href=data)
    _add_text(
        entry, "summary", " · ".join(filter(None, [question.group, question.ministry, question.status]))
    )
    return entry


def _last_change(question: QuestionSummary) -> str:
    return max(question.published, question.answered or "")


def _instant(day: str) -> str:
    """Return a day as the instant that Atom requires; the Journal officiel states no hour."""
    return f"{day}T00:00:00Z"


def _add_text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = "".join(c for c in text if c.isprintable() or c == "\n")


def _serialize(root: ET.Element) -> bytes:
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"
