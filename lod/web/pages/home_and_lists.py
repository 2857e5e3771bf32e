"""The home page, and the lists of all deputies, groups and ministries with their numbers of questions."""

from itertools import groupby
from math import ceil

from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import IndexedDocument, nodes
from lod.web.index.search_parameters import subject_iri
from lod.web.pages.figures import (
    CountedLabel,
    chart_columns,
    question_counts,
    ranking_bars,
    response_times,
    sort_key,
)
from lod.web.pages.renderer import PageRenderer

LIST_PAGE_SIZE = 500
"""How many entries a page of a list has."""
LISTS = {
    "deputes": ("person", Facet.AUTHOR, "deputies"),
    "groupes": ("organ", Facet.GROUP, "groups"),
    "ministeres": ("ministry", Facet.MINISTRY, "ministries"),
}
"""The lists by path: the kind of their documents, the facet that is counted, the key of their title."""
_NEWEST = 8
_RANKED = 6
_ALL_LEGISLATURES = 99
_LAST = "\uffff"
"""The sort key of deputies whose name is not known."""


def render_home(renderer: PageRenderer) -> str:
    """Render the home page."""
    index, everything = renderer.index, QuestionFilter()
    statistics = index.statistics(everything)
    rankings = {
        facet: ranking_bars(index.facet_counts(facet, everything, limit), renderer.links)
        for facet, limit in (
            (Facet.RUBRIC, _RANKED),
            (Facet.MINISTRY, _RANKED),
            (Facet.GROUP, _RANKED),
            (Facet.LEGISLATURE, _ALL_LEGISLATURES),
        )
    }
    return renderer.page(
        "home.html",
        renderer.words("home_title"),
        here=renderer.here("index"),
        summary=renderer.words("home_lead"),
        statistics=statistics,
        response_times=response_times(index, everything, statistics),
        newest=renderer.questions(everything, size=_NEWEST),
        columns=chart_columns(statistics.by_month),
        rubrics=rankings[Facet.RUBRIC],
        ministries=rankings[Facet.MINISTRY],
        groups=rankings[Facet.GROUP],
        legislatures=rankings[Facet.LEGISLATURE],
        overview_links=renderer.overview_links(),
    )


def render_list(renderer: PageRenderer, name: str, number: int) -> str | None:
    """Render a page of a list; None if there is no such list or it has no such page."""
    if name not in LISTS:
        return None
    kind, facet, title_key = LISTS[name]
    entries = _sorted_entries(renderer, kind, facet)
    pages = ceil(len(entries) / LIST_PAGE_SIZE) or 1
    if not 1 <= number <= pages:
        return None
    on_page = entries[(number - 1) * LIST_PAGE_SIZE : number * LIST_PAGE_SIZE]
    unnamed = renderer.words("unnamed_deputies")
    by_letter = groupby(
        on_page,
        key=lambda entry: "" if kind != "person" else unnamed if entry[0] == _LAST else entry[0][0].upper(),
    )
    return renderer.page(
        "list.html",
        renderer.words(title_key),
        here=renderer.here(name, number),
        summary=renderer.words(f"listing_{name}", n=renderer.fmt.number(len(entries))),
        name=name,
        total=len(entries),
        number=number,
        pages=pages,
        page_url=lambda other: renderer.links.page(name, other),
        sections=[(letter, [counted for _, counted in entries]) for letter, entries in by_letter],
    )


def _sorted_entries(renderer: PageRenderer, kind: str, facet: Facet) -> list[tuple[str, CountedLabel]]:
    """Return the entries of a list with their sort keys: deputies by name, others by number of questions.

    An organ without questions is no group whose members asked any, and is left out.
    """
    counts = question_counts(renderer.index, facet)
    entries = list[tuple[str, CountedLabel]]()
    for document in renderer.index.documents(kind):
        count = counts.get(subject_iri(document, renderer.index), 0)
        if count or kind != "organ":
            entry = CountedLabel(label=renderer.links.document_label(document), count=count)
            entries.append((_sort_key(renderer, document), entry))
    is_by_name = kind == "person"
    return sorted(
        entries, key=lambda entry: (0 if is_by_name else -entry[1].count, entry[0], entry[1].label.text)
    )


def _sort_key(renderer: PageRenderer, document: IndexedDocument) -> str:
    if document.kind != "person":
        return sort_key(document.label or document.path)
    if document.label is None:
        return _LAST
    person = nodes(renderer.index.json(document))[0]
    family_name = person.get("familyName") or (document.label or "").rpartition(" ")[2]
    return sort_key(f"{family_name} {document.label}")
