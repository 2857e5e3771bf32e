"""The page of what questions share: a deputy, a ministry, a group, a concept or its scheme, an issue."""

from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from lod.iri import fragment, last_segment, scheme_path
from lod.web.index.comparison import overdue_in_charge
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import PAGE_SIZE, Index, IndexedDocument, nodes
from lod.web.index.search_parameters import FACETS, query_string, subject_iri
from lod.web.pages.figures import (
    CountedLabel,
    RankingBar,
    chart_columns,
    question_counts,
    ranking_bars,
    response_times,
    sort_key,
)
from lod.web.pages.language import Label
from lod.web.pages.links import Links
from lod.web.pages.property_table import PropertyTable, description
from lod.web.pages.question_page import read_question
from lod.web.pages.question_view import AnswerView
from lod.web.pages.renderer import PageRenderer

CONCEPTS_PAGE_SIZE = 200
"""How many concepts a page of a scheme lists."""
_RANKED = 8
_RANKINGS = {
    "person": (Facet.RUBRIC, Facet.MINISTRY),
    "ministry": (Facet.RUBRIC, Facet.GROUP, Facet.AUTHOR),
    "organ": (Facet.AUTHOR, Facet.RUBRIC, Facet.MINISTRY),
    "constituency": (Facet.AUTHOR, Facet.RUBRIC, Facet.MINISTRY),
    "concept": (Facet.MINISTRY, Facet.GROUP),
    "legislature": (Facet.TYPE, Facet.GROUP, Facet.MINISTRY, Facet.RUBRIC),
    "issue": (Facet.RUBRIC, Facet.MINISTRY),
    "related": (Facet.MINISTRY, Facet.GROUP),
}
"""The facets that are ranked on the page of each kind."""
_KIND_FACETS = {
    "person": Facet.AUTHOR,
    "ministry": Facet.MINISTRY,
    "organ": Facet.GROUP,
    "constituency": Facet.CONSTITUENCY,
    "legislature": Facet.LEGISLATURE,
}
"""The facet whose values are the resources of a kind."""
_SCHEME_FACETS = {
    scheme_path("rubrique"): Facet.RUBRIC,
    scheme_path("analyse"): Facet.SUBJECT,
    scheme_path("etat"): Facet.STATUS,
    scheme_path("type"): Facet.TYPE,
    scheme_path("legislature"): Facet.LEGISLATURE,
    scheme_path("circonscription"): Facet.CONSTITUENCY,
}
"""The facet whose values are the concepts of a scheme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """A mandate, or the membership of a group, with its first and last day as far as they are known."""

    anchor: str
    role: Label | None
    group: Label
    start: str | None
    end: str | None


def count_pages(index: Index, document: IndexedDocument) -> int:
    """Return the number of pages of a resource's list: at least one."""
    if document.kind == "scheme":
        return ceil(len(_concepts(index, document)) / CONCEPTS_PAGE_SIZE) or 1
    return ceil(index.count(_filter(index, document)) / PAGE_SIZE) or 1


def render_resource(renderer: PageRenderer, document: IndexedDocument, number: int) -> str:
    """Render a page of a resource: its description on the first one, a part of its list on each."""
    json = renderer.index.json(document)
    subject = nodes(json)[0]
    label = _label(renderer, document)
    further = f" ({renderer.words('page_number', n=number)})" if number > 1 else ""
    details = _details(renderer, document, json) if number == 1 else _NO_DETAILS
    listed = _list(renderer, document, number)
    own_words = description(subject, renderer.language)
    return renderer.page(
        "resource.html",
        label.text + further,
        here=renderer.here(document.path, number),
        path=document.path,
        iri=subject["id"],
        kind_key=_kind_key(document, subject),
        label=label,
        scheme=renderer.links.label(subject["inScheme"]) if "inScheme" in subject else None,
        classification=renderer.links.label(subject["classification"])
        if "classification" in subject
        else None,
        description=own_words,
        summary=own_words.text if own_words else _summary(renderer, document, subject, listed["total"]),
        number=number,
        day=renderer.stated_day,
        pages=count_pages(renderer.index, document),
        page_url=lambda other: renderer.links.page(document.path, other),
        **listed,
        **details,
    )


def render_replaced(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the page of an IRI that has been replaced by another one."""
    subject = nodes(renderer.index.json(document))[0]
    return renderer.page(
        "replaced.html",
        renderer.words("replaced_title"),
        here=renderer.here(document.path),
        path=document.path,
        iri=subject["id"],
        summary=renderer.words("replaced_lead"),
        replacements=[renderer.links.label(iri) for iri in subject["sameAs"]],
    )


def _label(renderer: PageRenderer, document: IndexedDocument) -> Label:
    """Label a resource; the words have a title for those that the release does not name."""
    key = f"title_{document.path}"
    if document.label is None and key in renderer.words:
        return Label(text=renderer.words(key), language=renderer.language)
    return renderer.links.document_label(document)


def _summary(
    renderer: PageRenderer, document: IndexedDocument, subject: dict[str, Any], questions: int
) -> str:
    """Return a sentence about a resource that has no description of its own."""
    kind, name = renderer.words(_kind_key(document, subject)), _label(renderer, document).text
    counted = f" – {renderer.words.count('questions', questions)}" if questions else ""
    return f"{kind}{renderer.words('colon')}{name}{counted}"


def _kind_key(document: IndexedDocument, subject: dict[str, Any]) -> str:
    """Return the key of the words for a kind of resource; French has a feminine form for deputies."""
    is_woman = document.kind == "person" and subject.get("honorific") == "Mme"
    return "kind_person_feminine" if is_woman else f"kind_{document.kind}"


def _list(renderer: PageRenderer, document: IndexedDocument, number: int) -> dict[str, Any]:
    """Return what a page lists: the concepts of a scheme, or the questions that have a resource."""
    if document.kind == "scheme":
        concepts = _counted_concepts(renderer, document)
        on_page = concepts[(number - 1) * CONCEPTS_PAGE_SIZE : number * CONCEPTS_PAGE_SIZE]
        return {"concepts": on_page, "questions": [], "total": 0, "search_url": None, "issue_day": None}
    question_filter = _filter(renderer.index, document)
    return {
        "concepts": [],
        "questions": renderer.questions(question_filter, number, PAGE_SIZE),
        "total": renderer.index.count(question_filter),
        "search_url": _search_url(renderer, document),
        "issue_day": last_segment(document.path) if document.kind == "issue" else None,
    }


def _filter(index: Index, document: IndexedDocument) -> QuestionFilter:
    return QuestionFilter(resource=subject_iri(document, index))


def _counted_concepts(renderer: PageRenderer, scheme: IndexedDocument) -> list[CountedLabel]:
    """Return the concepts of a scheme, those with the most questions first, then by label."""
    facet = _SCHEME_FACETS.get(scheme.path)
    counts = question_counts(renderer.index, facet) if facet else {}
    concepts = [
        CountedLabel(label=renderer.links.label(iri), count=counts.get(iri, 0))
        for iri in _concepts(renderer.index, scheme)
    ]
    return sorted(concepts, key=lambda concept: (-concept.count, sort_key(concept.label.text)))


def _concepts(index: Index, scheme: IndexedDocument) -> list[str]:
    values = nodes(index.json(scheme))[0].get("hasTopConcept", ())
    return [value if isinstance(value, str) else value["id"] for value in values]


def _search_url(renderer: PageRenderer, document: IndexedDocument) -> str | None:
    """Return the URL of a search within the questions of a resource, if a facet can filter by it."""
    facet = _KIND_FACETS.get(document.kind) or _SCHEME_FACETS.get(document.path.rpartition("/")[0])
    if facet not in FACETS or not renderer.is_served:
        return None
    question_filter = QuestionFilter(facets={facet: subject_iri(document, renderer.index)})
    return f"{renderer.links.search()}?{query_string(question_filter, renderer.index)}"


_NO_DETAILS = dict.fromkeys(("statistics", "response_times", "answer", "overdue")) | dict.fromkeys(
    ("columns", "rankings", "memberships", "facts", "property_groups"), ()
)


def _details(renderer: PageRenderer, document: IndexedDocument, json: dict[str, Any]) -> dict[str, Any]:
    """Return what only the first page has: statistics, charts, memberships, facts."""
    table = PropertyTable(renderer.links, json)
    if document.kind == "other":
        return _NO_DETAILS | {"property_groups": [table.group(node) for node in nodes(json)]}
    details = {
        "memberships": _memberships(json, renderer.links),
        "facts": table.facts(nodes(json)[0]),
    }
    if document.kind == "common-answer":
        return _NO_DETAILS | details | {"answer": _common_answer(renderer, document)}
    question_filter = _filter(renderer.index, document)
    statistics = renderer.index.statistics(question_filter)
    figures = {
        "statistics": statistics,
        "overdue": _count_overdue(renderer, document, question_filter),
        "response_times": response_times(renderer.index, question_filter, statistics),
        "columns": chart_columns(statistics.by_month),
        "rankings": _rankings(renderer, document, question_filter) if statistics.questions > 1 else [],
    }
    return _NO_DETAILS | details | figures


def _count_overdue(renderer: PageRenderer, document: IndexedDocument, question_filter: QuestionFilter) -> int:
    """Count overdue questions; those of a ministry are the ones of which it is now in charge."""
    day = renderer.stated_day
    if document.kind == "ministry":
        return overdue_in_charge(renderer.index, subject_iri(document, renderer.index), day)
    return renderer.index.count(replace(question_filter, overdue_on=day))


def _memberships(document: dict[str, Any], links: Links) -> list[MembershipRow]:
    """Return the mandates and memberships of a person's document, the newest first."""
    rows = [
        MembershipRow(
            anchor=fragment(node["id"]),
            role=links.label(node["role"]) if "role" in node else None,
            group=links.label(node.get("spatial") or node["organization"]),
            start=node.get("memberDuring", {}).get("startDate"),
            end=node.get("memberDuring", {}).get("endDate"),
        )
        for node in nodes(document)
        if "Membership" in node.get("type", ())
    ]
    return sorted(rows, key=lambda row: row.start or "", reverse=True)


def _common_answer(renderer: PageRenderer, document: IndexedDocument) -> AnswerView | None:
    """Return the answer common to several questions, as the document of one of them has it."""
    url = renderer.links.page(document.path)
    for summary, _ in renderer.questions(_filter(renderer.index, document), size=1):
        question = renderer.index.document(summary.path)
        if question:
            answers = read_question(renderer, question).answers
            return next((answer for answer in answers if answer.common and answer.common.href == url), None)
    return None


def _rankings(
    renderer: PageRenderer, document: IndexedDocument, question_filter: QuestionFilter
) -> list[tuple[str, tuple[RankingBar, ...]]]:
    """Rank the questions by other facets, except one whose only value is the resource itself."""
    rankings = []
    for facet in _RANKINGS.get(document.kind, ()):
        counts = renderer.index.facet_counts(facet, question_filter, limit=_RANKED)
        if len(counts) > 1 or (counts and counts[0].iri != question_filter.resource):
            rankings.append((facet.value, ranking_bars(counts, renderer.links)))
    return rankings
