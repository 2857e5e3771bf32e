"""Correspondences of rubrics, groups and people with resources of other data."""

from collections import defaultdict
from collections.abc import Iterable

from lod.context import Node
from lod.links.alignments import RubricAlignment


def aligned(links: Iterable[tuple[str, str, str]]) -> list[Node]:
    """Describe links, each an IRI, a relation and the IRI of what it leads to; one node for each resource."""
    nodes = defaultdict[str, dict[str, list[str]]](lambda: defaultdict(list))
    for iri, relation, target in sorted(links):
        nodes[iri][relation].append(target)
    return [{"id": iri, **relations} for iri, relations in nodes.items()]


def eurovoc_concept(alignment: RubricAlignment) -> Node:
    """Describe a concept of EuroVoc by its labels."""
    return {"id": alignment.target, "prefLabel": alignment.label, "prefLabelEn": alignment.label_en}
