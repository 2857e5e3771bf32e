"""The concepts of a scheme, those of most questions first."""

from dataclasses import dataclass

from lod.slugs import words
from lod.web.index.index import Held, Index
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet
from lod.web.pages.capacity import nodes
from lod.web.pages.links import Named
from lod.web.pages.renderer import PageRenderer

_FACETS = {
    "def/rubrique": Facet.RUBRIC,
    "def/analyse": Facet.SUBJECT,
    "def/etat": Facet.STATUS,
    "def/type": Facet.TYPE,
    "def/legislature": Facet.LEGISLATURE,
    "def/circonscription": Facet.CONSTITUENCY,
}
EVERY = 1 << 30
"""More choices than any facet has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Something listed, and how many questions it has."""

    named: Named
    count: int


def concepts(index: Index, held: Held) -> list[str]:
    """Give the IRIs of the concepts of a scheme."""
    node = nodes(index.json(held))[0]
    found: list[str] = [iri if isinstance(iri, str) else iri["id"] for iri in node.get("hasTopConcept", ())]
    return found


def members(made: PageRenderer, held: Held) -> list[Counted]:
    """Count the questions of each concept of a scheme: most first, then by name."""
    counts = counted(made.index, _FACETS[held.path]) if held.path in _FACETS else {}
    found = [
        Counted(named=made.links.named(iri), count=counts.get(iri, 0)) for iri in concepts(made.index, held)
    ]
    return sorted(found, key=lambda one: (-one.count, sortable(one.named.text)))


def counted(index: Index, facet: Facet) -> dict[str, int]:
    """Count the questions of each resource of a facet."""
    return {choice.iri: choice.questions for choice in index.choices(facet, QuestionFilter(), most=EVERY)}


def sortable(text: str) -> str:
    """Give what names are sorted by: letters without accents and capitals."""
    return " ".join(words(text))
