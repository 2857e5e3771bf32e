"""The page of what questions share: a deputy, a ministry, a group, a concept, an issue."""

from math import ceil
from typing import Any

from lod.web.index.index import PAGE, Held, Index
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet
from lod.web.index.search_parameters import FACETS, linked, query
from lod.web.pages.capacity import memberships, nodes
from lod.web.pages.chart import Bar, bars, columns
from lod.web.pages.home import times
from lod.web.pages.links import Named
from lod.web.pages.property_table import PropertyTable, described
from lod.web.pages.question_page import read
from lod.web.pages.question_view import AnswerView
from lod.web.pages.renderer import PageRenderer
from lod.web.pages.scheme import concepts, members

CONCEPTS = 200
"""How many concepts a page of a scheme lists."""
_MOST = 8
_RANKED = {
    "person": (Facet.RUBRIC, Facet.MINISTRY),
    "ministry": (Facet.RUBRIC, Facet.GROUP, Facet.AUTHOR),
    "organ": (Facet.AUTHOR, Facet.RUBRIC, Facet.MINISTRY),
    "constituency": (Facet.AUTHOR, Facet.RUBRIC, Facet.MINISTRY),
    "concept": (Facet.MINISTRY, Facet.GROUP),
    "legislature": (Facet.TYPE, Facet.GROUP, Facet.MINISTRY, Facet.RUBRIC),
    "issue": (Facet.RUBRIC, Facet.MINISTRY),
}
_SOUGHT = {
    "person": Facet.AUTHOR,
    "ministry": Facet.MINISTRY,
    "organ": Facet.GROUP,
    "constituency": Facet.CONSTITUENCY,
    "legislature": Facet.LEGISLATURE,
    "def/rubrique": Facet.RUBRIC,
    "def/analyse": Facet.SUBJECT,
    "def/etat": Facet.STATUS,
    "def/type": Facet.TYPE,
}
"""By what questions are sought that have a resource of this kind, or a concept of this scheme."""


def pages_of(index: Index, held: Held) -> int:
    """Say how many pages the list of a document has."""
    if held.kind == "scheme":
        return ceil(len(concepts(index, held)) / CONCEPTS) or 1
    return ceil(index.count(_wanted(index, held)) / PAGE) or 1


def resource_page(made: PageRenderer, held: Held, number: int) -> str:
    """Write a page of a resource: what is said of it once, its questions page by page."""
    document = made.index.json(held)
    named = _named(made, held)
    node = nodes(document)[0]
    values = _about(made, held, document) if number == 1 else _NOTHING
    return made.page(
        "resource.html",
        _title(made, named, number),
        here=made.here(held.path, number),
        path=held.path,
        iri=node["id"],
        kind=held.kind,
        named=named,
        scheme=made.links.named(node["inScheme"]) if "inScheme" in node else None,
        nature=made.links.named(node["classification"]) if "classification" in node else None,
        told=described(node, made.language),
        number=number,
        pages=pages_of(made.index, held),
        address=lambda other: made.links.page(held.path, other),
        **_listed(made, held, number),
        **values,
    )


def _named(made: PageRenderer, held: Held) -> Named:
    """Name a resource; some of which the release says no name have one here."""
    key = f"title_{held.path}"
    if held.label is None and key in made.words:
        return Named(text=made.words(key), language=made.language)
    return made.links.held(held)


def _title(made: PageRenderer, named: Named, number: int) -> str:
    return f"{named.text} ({made.words('page_number', n=number)})" if number > 1 else named.text


def _wanted(index: Index, held: Held) -> QuestionFilter:
    return QuestionFilter(resource=linked(held, index))


def _listed(made: PageRenderer, held: Held, number: int) -> dict[str, Any]:
    """List what belongs to a resource: of a scheme its concepts, else questions."""
    if held.kind == "scheme":
        found = members(made, held)[(number - 1) * CONCEPTS : number * CONCEPTS]
        return {"members": found, "listed": [], "total": 0, "searchable": None, "issue": None}
    wanted = _wanted(made.index, held)
    return {
        "members": [],
        "listed": made.rows(wanted, number, PAGE),
        "total": made.index.count(wanted),
        "searchable": _searchable(made, held),
        "issue": held.path.rpartition("/")[2] if held.kind == "issue" else None,
    }


def _searchable(made: PageRenderer, held: Held) -> str | None:
    """Give the address at which these questions can be sought further."""
    facet = _SOUGHT.get(held.kind) or _SOUGHT.get(held.path.rpartition("/")[0])
    if facet not in FACETS or not made.is_served:
        return None
    wanted = QuestionFilter(facets={facet: linked(held, made.index)})
    return f"{made.links.search()}?{query(wanted, made.index)}"


_NOTHING = dict.fromkeys(("figures", "times", "answer")) | dict.fromkeys(
    ("columns", "rankings", "memberships", "facts", "said"), ()
)


def _about(made: PageRenderer, held: Held, document: dict[str, Any]) -> dict[str, Any]:
    """Give what only the first page has: figures, charts, mandates, facts."""
    saying = PropertyTable(made.links, document)
    if held.kind == "other":
        return _NOTHING | {"said": [saying.part(node) for node in nodes(document)]}
    told = {
        "memberships": memberships(document, made.links),
        "facts": saying.facts(nodes(document)[0]),
    }
    if held.kind == "common-answer":
        return _NOTHING | told | {"answer": _answer(made, held)}
    return _NOTHING | told | _counted(made, held)


def _counted(made: PageRenderer, held: Held) -> dict[str, Any]:
    wanted = _wanted(made.index, held)
    figures = made.index.figures(wanted)
    return {
        "figures": figures,
        "times": times(made, wanted, figures),
        "columns": columns(figures.months),
        "rankings": _rankings(made, held, wanted) if figures.questions > 1 else [],
    }


def _answer(made: PageRenderer, held: Held) -> AnswerView | None:
    """Give the answer that several questions got, as it was given to one of them."""
    for row, _ in made.rows(_wanted(made.index, held), most=1):
        question = made.index.document(row.path)
        if question:
            answers = read(made, question).answers
            ours = (
                given for given in answers if given.common and given.common.href == made.links.page(held.path)
            )
            return next(ours, None)
    return None


def _rankings(made: PageRenderer, held: Held, wanted: QuestionFilter) -> list[tuple[str, tuple[Bar, ...]]]:
    """Rank what these questions have: choices of which there are several, without the resource itself."""
    found = []
    for facet in _RANKED.get(held.kind, ()):
        choices = made.index.choices(facet, wanted, most=_MOST)
        if len(choices) > 1 or (choices and choices[0].iri != wanted.resource):
            found.append((facet.value, bars(choices, made.links)))
    return found
