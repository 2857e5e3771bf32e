"""Links to other data in the catalogue: a data set for each kind, with its VoID link sets and its graph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lod.context import Node
from lod.iri import Iris
from lod.release_files import LINK_GRAPHS, LinkKind

_TITLES = {
    LinkKind.CITATIONS: (
        "Textes cités dans les questions et les réponses",
        "What questions and answers cite",
        "Lois, décrets, ordonnances, articles de codes, actes européens et questions cités, avec le passage.",
        "Laws, decrees, ordinances, articles of codes, European acts and questions cited, with the passage.",
    ),
    LinkKind.ALIGNMENTS: (
        "Correspondances avec d’autres données",
        "Correspondences with other data",
        "Les rubriques dans EuroVoc, les groupes et les députés dans Wikidata et ailleurs.",
        "Rubrics in EuroVoc, groups and deputies in Wikidata and elsewhere.",
    ),
    LinkKind.RELATED: (
        "Questions semblables",
        "Related questions",
        "Les questions sur le même sujet et les textes recopiés, par groupes.",
        "Questions on the same subject and copied texts, in clusters.",
    ),
}
"""Titles and descriptions in French and English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkset:
    """Links of one property to one place: a name, the data set or the IRIs there, how many there are."""

    name: str
    target: str
    predicate: str
    triples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """What the catalogue says of the links of one kind."""

    kind: LinkKind
    triples: int
    linksets: Sequence[Linkset]

    @property
    def links(self) -> int:
        """The number of links."""
        return sum(each.triples for each in self.linksets)


def titles(kind: LinkKind) -> Node:
    """Return the title and the description of a kind of links in French and English."""
    title, title_en, description, description_en = _TITLES[kind]
    return {
        "title": title,
        "titleEn": title_en,
        "description": description,
        "descriptionEn": description_en,
    }


def describe_linksets(iris: Iris, links: LinkFacts) -> Iterator[Node]:
    """Yield the description of each link set of a kind."""
    for each in links.linksets:
        yield {
            "type": ["Linkset"],
            "id": iris.dataset(str(links.kind), each.name),
            "title": f"{_TITLES[links.kind][0]} : {each.target}",
            "target": list(dict.fromkeys((iris.dataset("questions"), each.target))),
            "linkPredicate": each.predicate,
            "triples": each.triples,
        }


def describe_link_graph(iris: Iris, links: LinkFacts, paths: Sequence[str]) -> Node:
    """Describe the named graph of a kind of links, as VoID describes data, with the files that have it."""
    return {
        "type": ["LinkedDataset"],
        "id": iris.graph(LINK_GRAPHS[links.kind]),
        **titles(links.kind),
        "triples": links.triples,
        "dataDumps": [iris.dump(path) for path in paths],
    }
