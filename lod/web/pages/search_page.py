"""The search page: matching questions, the active filters, and the facet values that narrow the search."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from lod.web.index.lookup import Names, numbered_questions
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import PAGE_SIZE
from lod.web.index.search_parameters import FACETS, SINCE, UNTIL, WORDS, form_fields, query_string
from lod.web.pages.language import Label, Language, format_day
from lod.web.pages.renderer import PageRenderer

_FACET_VALUES = 10
MAX_ROWS = 5_000
"""How many questions of a search are sent as CSV."""
_OFFERED = tuple(facet for facet in FACETS if facet not in {Facet.AUTHOR, Facet.CONSTITUENCY, Facet.SUBJECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveFilter:
    """A condition of the search, the key of its name, and the URL of the search without it."""

    key: str
    label: Label
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetOption:
    """A value of a facet, and the URL of the search narrowed to it."""

    label: Label
    count: int
    href: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetMenu:
    """The values that a facet offers."""

    name: str
    options: tuple[FacetOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfilteredSearch:
    """The same words without filters: the URL, and how many questions match."""

    href: str
    count: int


def render_search(renderer: PageRenderer, question_filter: QuestionFilter, number: int, names: Names) -> str:
    """Render a page of a search."""
    search = _Search(renderer, question_filter)
    total = renderer.index.count(question_filter)
    fields = list(form_fields(question_filter, renderer.index))
    text = question_filter.words if number == 1 and question_filter.words else ""
    return renderer.page(
        "search.html",
        question_filter.words or renderer.words("search_title"),
        here={language: search.url(number=number, language=language) for language in Language},
        filter=question_filter,
        number=number,
        pages=ceil(total / PAGE_SIZE) or 1,
        total=total,
        numbered=renderer.with_statuses(numbered_questions(renderer.index, text)),
        named=[(each.facet.value, renderer.links.label(each.iri)) for each in names.find(text)],
        overdue=search.overdue(renderer.stated_day) if total else None,
        data_query=query_string(question_filter, renderer.index),
        max_rows=MAX_ROWS,
        questions=renderer.questions(question_filter, number),
        page_url=lambda other: search.url(number=other),
        fields_without_words=[(name, value) for name, value in fields if name != WORDS],
        fields_without_days=[(name, value) for name, value in fields if name not in {SINCE, UNTIL}],
        active_filters=list(search.active_filters()),
        facets=list(search.facet_menus()) if total else [],
        unfiltered=None if total else search.unfiltered(),
    )


class _Search:
    """A search in one language, and the URLs of those one step away from it."""

    def __init__(self, renderer: PageRenderer, question_filter: QuestionFilter) -> None:
        self._index = renderer.index
        self._links = renderer.links
        self._language = renderer.language
        self._filter = question_filter

    def url(
        self, other: QuestionFilter | None = None, *, number: int = 1, language: Language | None = None
    ) -> str:
        """Return the URL of a page of this search, or of one with another filter."""
        query = query_string(other or self._filter, self._index) + (f"&page={number}" if number > 1 else "")
        url = self._links.search(language)
        return f"{url}?{query.lstrip('&')}" if query else url

    def active_filters(self) -> Iterator[ActiveFilter]:
        """Yield the conditions of the search, except its words."""
        for facet in FACETS:
            if facet in self._filter.facets:
                label = self._links.label(self._filter.facets[facet]).unlinked
                url = self.url(self._filter.without(facet))
                yield ActiveFilter(key=f"facet_{facet}", label=label, href=url)
        for key, iso, without in (
            ("from", self._filter.since, replace(self._filter, since=None)),
            ("to", self._filter.until, replace(self._filter, until=None)),
            ("overdue_filter", self._filter.overdue_on, replace(self._filter, overdue_on=None)),
        ):
            if iso:
                label = Label(text=format_day(iso, self._language), language=self._language)
                yield ActiveFilter(key=key, label=label, href=self.url(without))

    def facet_menus(self) -> Iterator[FacetMenu]:
        """Yield the facets to narrow the search; each is counted without its own condition."""
        facets = self._filter.facets
        for facet in _OFFERED:
            options = (
                FacetOption(
                    label=self._links.label({"id": value.iri, "label": value.label}).unlinked,
                    count=value.questions,
                    href=self.url(replace(self._filter, facets={**facets, facet: value.iri})),
                    is_active=facets.get(facet) == value.iri,
                )
                for value in self._index.facet_counts(facet, self._filter, limit=_FACET_VALUES)
            )
            yield FacetMenu(name=facet.value, options=tuple(options))

    def overdue(self, day: str) -> FacetOption | None:
        """Return the search narrowed to overdue questions, unless it is already or there are none."""
        narrowed = replace(self._filter, overdue_on=day)
        count = 0 if self._filter.overdue_on else self._index.count(narrowed)
        if not count:
            return None
        label = Label(text=format_day(day, self._language), language=self._language)
        return FacetOption(label=label, count=count, href=self.url(narrowed), is_active=False)

    def unfiltered(self) -> UnfilteredSearch | None:
        """Return the search for the same words alone, if that finds any question and is another search."""
        words_only = QuestionFilter(words=self._filter.words)
        if not words_only.words or words_only == self._filter:
            return None
        count = self._index.count(words_only)
        return UnfilteredSearch(href=self.url(words_only), count=count) if count else None
