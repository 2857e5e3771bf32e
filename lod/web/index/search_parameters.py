"""The parameters of an address that seeks questions, written and read in one place.

Values are written as IRIs shortened relative to the base, without what follows « # », such as
`group=an/organe/PO845470`; whole IRIs are read as well.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlencode, urlsplit

from lod.errors import BadValue, Misused, quote
from lod.web.index.french_words import count
from lod.web.index.index import Held, Index
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet

WORDS, SINCE, UNTIL, PAGE = "q", "from", "to", "page"
MOST_WORDS, LONGEST_WORDS = 50, 500
"""What may be sought at once: more than a sentence, less than what keeps the index busy for minutes."""
EXAMPLES = {
    Facet.STATUS: "def/etat/repondue",
    Facet.TYPE: "def/type/question-ecrite",
    Facet.LEGISLATURE: "an/legislature/17",
    Facet.GROUP: "an/organe/PO845470",
    Facet.MINISTRY: "gouvernement/ministere/transports",
    Facet.RUBRIC: "def/rubrique/transports",
    Facet.SUBJECT: "def/analyse/entretien",
    Facet.AUTHOR: "an/acteur/PA720614",
    Facet.CONSTITUENCY: "an/circonscription/44-09",
}
"""What a value of each looks like."""
FACETS = tuple(EXAMPLES)
"""By what questions are sought, each a parameter of this name."""
_THINGS = {"person", "ministry", "organ"}
"""Kinds of documents about things that are not documents: their IRIs end in `#id`."""
_KINDS = {
    Facet.GROUP: "organ",
    Facet.MINISTRY: "ministry",
    Facet.AUTHOR: "person",
    Facet.LEGISLATURE: "legislature",
    Facet.CONSTITUENCY: "constituency",
}


def root(address: str | None) -> str:
    """Give the path under which a site lies, with a slash at both ends; « / » if nobody has said its address.

    Raise Misused if the address is none of a site.
    """
    if address is None:
        return "/"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or not parts.path.endswith("/"):
        raise Misused(
            "expected --address such as https://data.example.org/, with a slash at its end, "
            f"found {quote(address)}"
        )
    return parts.path


def query(wanted: QuestionFilter, index: Index) -> str:
    """Write what is wanted as the query of an address, without « ? »; nothing if everything is wanted."""
    return urlencode(list(pairs(wanted, index)))


def pairs(wanted: QuestionFilter, index: Index) -> Iterator[tuple[str, str]]:
    """Give the parameters that say what is wanted, as a form holds them."""
    plain = ((WORDS, wanted.words), (SINCE, wanted.since), (UNTIL, wanted.until))
    yield from ((name, value) for name, value in plain if value)
    for facet in FACETS:
        if facet in wanted.facets:
            yield facet.value, index.path(wanted.facets[facet])


def wanted(parameters: Mapping[str, str], index: Index) -> QuestionFilter:
    """Read what is wanted; raise BadValue if there is no such resource or day, or no end of words."""
    given = {facet: parameters[facet] for facet in FACETS if parameters.get(facet)}
    return QuestionFilter(
        facets={facet: _linked(facet, value, index) for facet, value in given.items()},
        since=_day(parameters, SINCE),
        until=_day(parameters, UNTIL),
        words=_words(parameters),
    )


def linked(held: Held, index: Index) -> str:
    """Give the IRI by which questions refer to what a document is about."""
    return f"{index.base}{held.path}" + ("#id" if held.kind in _THINGS else "")


def _linked(facet: Facet, value: str, index: Index) -> str:
    """Give the IRI that questions refer to by a value: that very IRI, or with less at either end."""
    iri = value if value.startswith(index.base) else index.base + value
    held = index.document(index.path(iri))
    if held and held.kind == _KINDS.get(facet, "concept"):
        found = linked(held, index)
        if iri in (found, f"{index.base}{held.path}"):
            return found
    example = f"an IRI of this release, whole or such as {EXAMPLES[facet]}"
    raise BadValue(example, quote(value, 100)).at(facet)


def _words(parameters: Mapping[str, str]) -> str | None:
    told = parameters.get(WORDS, "").strip()
    if len(told) > LONGEST_WORDS:
        raise BadValue(f"at most {LONGEST_WORDS} characters", f"{len(told)}").at(WORDS)
    if count(told) > MOST_WORDS:
        raise BadValue(f"at most {MOST_WORDS} words", f"{count(told)}").at(WORDS)
    return told or None


def _day(parameters: Mapping[str, str], name: str) -> str | None:
    told = parameters.get(name)
    if not told:
        return None
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError:
        raise BadValue("a day such as 2026-06-23", quote(told)).at(name) from None
