"""The URL parameters of a search filter, written and read in one place.

IRIs are shortened: relative to the base and without their fragment, such as `group=an/organe/PO845470`. Whole
IRIs are accepted too.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlencode

from lod.errors import BadValue, quote
from lod.iri import THING
from lod.web.index.full_text import count_words
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import Index, IndexedDocument

WORDS, SINCE, UNTIL, OVERDUE = "q", "from", "to", "overdue"
MAX_WORDS, MAX_CHARACTERS = 50, 500
"""The longest search: more than a sentence, less than what keeps the index busy for minutes."""
FACETS = (
    Facet.STATUS,
    Facet.TYPE,
    Facet.LEGISLATURE,
    Facet.GROUP,
    Facet.MINISTRY,
    Facet.RUBRIC,
    Facet.SUBJECT,
    Facet.AUTHOR,
    Facet.CONSTITUENCY,
)
"""The facets that have a parameter, which is named like the facet."""
_REAL_THINGS = {"person", "ministry", "organ"}
"""The kinds of documents about things that are not documents themselves: their IRIs end in `#id`."""
_DOCUMENT_KINDS = {
    Facet.GROUP: "organ",
    Facet.MINISTRY: "ministry",
    Facet.AUTHOR: "person",
    Facet.LEGISLATURE: "legislature",
    Facet.CONSTITUENCY: "constituency",
}
"""The kind of document that a value of a facet must name; for the other facets, a concept."""


def query_string(question_filter: QuestionFilter, index: Index) -> str:
    """Return a filter as the query component of a URL, without « ? »; empty if the filter is."""
    return urlencode(list(form_fields(question_filter, index)))


def form_fields(question_filter: QuestionFilter, index: Index) -> Iterator[tuple[str, str]]:
    """Yield the parameters of a filter, as the fields of a form."""
    texts = (
        (WORDS, question_filter.words),
        (SINCE, question_filter.since),
        (UNTIL, question_filter.until),
        (OVERDUE, question_filter.overdue_on),
    )
    yield from ((name, value) for name, value in texts if value)
    for facet in FACETS:
        if facet in question_filter.facets:
            yield facet.value, index.iris.path(question_filter.facets[facet])


def parse_filter(parameters: Mapping[str, str], index: Index) -> QuestionFilter:
    """Read a filter from URL parameters, ignoring others.

    Raise BadValue if the release has no such resource, a day is not a date, or the search is too long.
    """
    values = {facet: parameters[facet] for facet in FACETS if parameters.get(facet)}
    return QuestionFilter(
        facets={facet: _parse_facet(facet, value, index) for facet, value in values.items()},
        since=_parse_day(parameters, SINCE),
        until=_parse_day(parameters, UNTIL),
        words=_parse_words(parameters),
        overdue_on=_parse_day(parameters, OVERDUE),
    )


def subject_iri(document: IndexedDocument, index: Index) -> str:
    """Return the IRI with which questions refer to the subject of a document."""
    return f"{index.base}{document.path}" + (THING if document.kind in _REAL_THINGS else "")


def example(facet: Facet, index: Index) -> str | None:
    """Return the most frequent value of a facet, as a parameter has it; None if the release has none."""
    counts = index.facet_counts(facet, QuestionFilter(), limit=1)
    return index.iris.path(counts[0].iri) if counts else None


def _parse_facet(facet: Facet, value: str, index: Index) -> str:
    iri = value if value.startswith(index.base) else index.base + value
    document = index.document(index.iris.path(iri))
    if document and document.kind == _DOCUMENT_KINDS.get(facet, "concept"):
        subject = subject_iri(document, index)
        if iri in (subject, f"{index.base}{document.path}"):
            return subject
    similar = example(facet, index)
    like = f", whole or such as {similar}" if similar else "; it has none of this facet"
    raise BadValue(f"an IRI of this release{like}", quote(value, 100)).at(facet)


def _parse_words(parameters: Mapping[str, str]) -> str | None:
    words = parameters.get(WORDS, "").strip()
    if len(words) > MAX_CHARACTERS:
        raise BadValue(f"at most {MAX_CHARACTERS} characters", f"{len(words)}").at(WORDS)
    if count_words(words) > MAX_WORDS:
        raise BadValue(f"at most {MAX_WORDS} words", f"{count_words(words)}").at(WORDS)
    return words or None


def _parse_day(parameters: Mapping[str, str], name: str) -> str | None:
    text = parameters.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadValue("a day such as 2026-06-23", quote(text)).at(name) from None
