"""What finds the links of each kind, question by question, and describes them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from lod.context import Node
from lod.describe.alignments import aligned, eurovoc_concept
from lod.describe.citations import EUR_LEX, cited_resource, citing_work, target_iri
from lod.describe.links import Linkset
from lod.describe.related import cluster_list, first_question, related_questions
from lod.iri import LEGIFRANCE, Iris, slug
from lod.links.alignments import GivenLink, group_alignments, rubric_alignments
from lod.links.citations import Doubt, Target, find_citations
from lod.links.related import QuestionText, find_clusters, similar_pairs
from lod.model import Group, QuestionId
from lod.release import LinkKind

_REFERENCES = "http://purl.org/dc/terms/references"
_REFERS_TO = "http://data.europa.eu/eli/ontology#refers_to"
_RELATION, _COPY = "http://purl.org/dc/terms/relation", "http://www.w3.org/ns/prov#alternateOf"
_TERMS = {
    "sameAs": "http://www.w3.org/2002/07/owl#sameAs",
    **{
        name: f"http://www.w3.org/2004/02/skos/core#{name}"
        for name in ("exactMatch", "closeMatch", "broadMatch")
    },
}


class PublishedAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """What links need of a published answer."""

    id: str
    text: str | None = None


class PublishedRef(msgspec.Struct, frozen=True):
    """A resource that a published question refers to."""

    id: str


class PublishedTexts(msgspec.Struct, frozen=True, rename="camel"):
    """What links need of a published question: its texts, with their IRIs, and when it was asked."""

    id: str
    issued: str
    title: str
    text: str | None = None
    answers: list[PublishedAnswer] = []
    is_about: list[PublishedRef] = []

    @property
    def published_on(self) -> date:
        """The day on which it was published."""
        return date.fromisoformat(self.issued)


class LinkFinder:
    """Finds the links of one kind, question by question."""

    kind: LinkKind

    def add(self, question: PublishedTexts) -> Sequence[Node]:
        """Return what links a question, each node with triples of its own."""
        raise NotImplementedError

    def add_shared(self, iri: str) -> None:
        """Take note of a resource that questions share, if it may have links."""

    def finish(self) -> Sequence[Node]:
        """Return what is described once, after all questions."""
        raise NotImplementedError

    def linksets(self) -> list[Linkset]:
        """Return how many links lead where."""
        raise NotImplementedError

    def unlinked(self) -> list[dict[str, Any]]:
        """Return what was not linked because it contradicts itself, for programs."""
        return []


class CitationFinder(LinkFinder):
    """Finds what questions and answers cite."""

    kind = LinkKind.CITATIONS

    def __init__(self, iris: Iris) -> None:
        self._iris = iris
        self._targets = Counter[Target]()
        self._doubts: list[tuple[str, Doubt]] = []

    def add(self, question: PublishedTexts) -> list[Node]:
        """Return the question and those of its answers that cite something, with their citations."""
        works = ((question.id, question.text), *((each.id, each.text) for each in question.answers))
        about = self._iris.question_of(question.id)
        return [
            node
            for work, text in works
            if text
            for node in self._work(work, text, about, question.published_on)
        ]

    def _work(self, work: str, text: str, about: QuestionId, published_on: date) -> Iterator[Node]:
        found = find_citations(text, about, published_on)
        self._doubts += ((work, doubt) for doubt in found.doubts)
        if found.citations:
            self._targets.update({each.target for each in found.citations})
            yield citing_work(self._iris, work, found.citations)

    def finish(self) -> list[Node]:
        """Return the cited acts and codes, by IRI."""
        nodes = [cited_resource(self._iris, target) for target in self._targets]
        return sorted((node for node in nodes if node), key=lambda node: str(node["id"]))

    def linksets(self) -> list[Linkset]:
        """Return the number of links to Légifrance, to EUR-Lex and to other questions."""
        spaces = (
            ("legifrance", LEGIFRANCE, LEGIFRANCE, _REFERS_TO),
            ("eur-lex", EUR_LEX, EUR_LEX, _REFERS_TO),
            ("questions", self._iris.uri_space(), self._iris.dataset("questions"), _REFERENCES),
        )
        iris = {target_iri(self._iris, target): links for target, links in self._targets.items()}
        counts = [sum(n for iri, n in iris.items() if iri.startswith(start)) for _, start, *_ in spaces]
        return [
            Linkset(name=name, target=target, predicate=term, triples=count)
            for (name, _, target, term), count in zip(spaces, counts, strict=True)
            if count
        ]

    def unlinked(self) -> list[dict[str, Any]]:
        """Return the citations whose number contradicts their day, or has no ELI."""
        return [
            {
                "text": work,
                "start": doubt.start,
                "end": doubt.end,
                "quotation": doubt.quotation,
                "reason": str(doubt.kind),
            }
            for work, doubt in self._doubts
        ]


class AlignmentFinder(LinkFinder):
    """Finds what rubrics, groups and people of a release correspond to in other data."""

    kind = LinkKind.ALIGNMENTS

    def __init__(self, iris: Iris, given: Sequence[GivenLink] = ()) -> None:
        self._iris = iris
        self._given = given
        self._rubrics = {iris.concept("rubrique", each.rubric): each for each in rubric_alignments()}
        self._published = set[str]()
        self._found = dict[tuple[str, str, str], str]()

    def add(self, question: PublishedTexts) -> list[Node]:
        """Remember the rubrics of a question."""
        self._published.update(each.id for each in question.is_about)
        return []

    def add_shared(self, iri: str) -> None:
        """Remember a resource that questions share."""
        self._published.add(iri)

    def finish(self) -> list[Node]:
        """Return the published resources that correspond to others, and those concepts of EuroVoc."""
        concepts = dict[str, Node]()
        for iri in sorted(self._published & self._rubrics.keys()):
            each = self._rubrics[iri]
            self._found[iri, each.relation, each.target] = "eurovoc"
            concepts[each.target] = eurovoc_concept(each)
        for group in group_alignments():
            known = Group(label=group.name, official_id=group.official_id)
            names = (self._iris.group, self._iris.named_group)
            self._add(
                [name(group.legislature, known) for name in names], "closeMatch", group.target, "wikidata"
            )
        for link in self._given:
            self._add(self._iris.official(link.identifier), link.relation, link.target, "given")
        nodes = aligned(self._found)
        return [*nodes, *(concepts[iri] for iri in sorted(concepts))]

    def _add(self, iris: Sequence[str], relation: str, target: str, source: str) -> None:
        for iri in iris:
            if iri in self._published:
                self._found[iri, relation, target] = source
                return

    def linksets(self) -> list[Linkset]:
        """Return the number of links by source and relation."""
        targets = {"eurovoc": "http://eurovoc.europa.eu/", "wikidata": "http://www.wikidata.org/entity/"}
        counts = Counter[tuple[str, str]]()
        for (_, relation, target), source in self._found.items():
            space = targets.get(source) or "/".join(target.split("/")[:3]) + "/"
            counts[space, relation] += 1
        return [
            Linkset(
                name=slug(f"{space} {relation}"),
                target=space,
                predicate=_TERMS[relation],
                triples=n,
            )
            for (space, relation), n in sorted(counts.items())
        ]

    def unlinked(self) -> list[dict[str, Any]]:
        """Return the given links of what is not published."""
        return [
            {"text": each.identifier, "quotation": each.target, "reason": "not published"}
            for each in self._given
            if not self._published & set(self._iris.official(each.identifier))
        ]


class RelatedFinder(LinkFinder):
    """Finds questions on the same matter, by their texts."""

    kind = LinkKind.RELATED

    def __init__(self, iris: Iris) -> None:
        self._iris = iris
        self._texts = dict[str, QuestionText]()
        self._titles = dict[str, str]()
        self._links = {_RELATION: 0, _COPY: 0}

    def add(self, question: PublishedTexts) -> list[Node]:
        """Remember the text of a question."""
        if question.text:
            self._texts[question.id] = QuestionText(question.id, question.published_on, question.text)
            self._titles[question.id] = question.title
        return []

    def finish(self) -> list[Node]:
        """Return the related questions, by IRI, and the clusters."""
        pairs = similar_pairs(list(self._texts.values()))
        clusters = find_clusters(pairs)
        nodes = related_questions(self._iris, clusters, pairs, self._texts)
        self._links[_RELATION] = sum(len(node["related"]) for node in nodes)
        self._links[_COPY] = sum(len(node.get("copies", ())) for node in nodes)
        firsts = {first_question(cluster, self._texts): cluster for cluster in clusters}
        lists = [
            cluster_list(self._iris, cluster, self._texts, self._titles[first])
            for first, cluster in firsts.items()
        ]
        return [*nodes, *sorted(lists, key=lambda node: str(node["id"]))]

    def linksets(self) -> list[Linkset]:
        """Return the number of links between questions."""
        target = self._iris.dataset("questions")
        names = {_RELATION: "related", _COPY: "copies"}
        return [
            Linkset(name=names[term], target=target, predicate=term, triples=count)
            for term, count in self._links.items()
            if count
        ]
