"""The quality of the sources as DQV measures it: how many findings of each kind, by legislature and type."""

from collections import Counter
from collections.abc import Mapping

from lod.context import Node
from lod.describe.authority import FindingCounts
from lod.describe.concept import FINDINGS
from lod.finding import Finding
from lod.iri import Iris


def total(counts: FindingCounts) -> Counter[Finding]:
    """Return the counts of all parts together."""
    return sum((Counter(dict(each)) for each in counts.values()), Counter[Finding]())


def measurements(iris: Iris, name: str, counts: Mapping[Finding, int]) -> list[Node]:
    """Describe the measurements of a data set with this name: one for each kind of finding that it has."""
    return [
        {
            "type": ["QualityMeasurement"],
            "id": iris.dataset(name, f"constat-{FINDINGS[finding]}"),
            "measurementOf": iris.concept("constat", FINDINGS[finding]),
            "computedOn": iris.dataset(name),
            "measuredValue": count,
        }
        for finding, count in sorted(counts.items())
    ]


def measured(nodes: list[Node]) -> Node:
    """Refer to the measurements of a data set, under their key; empty without any."""
    return {"qualityMeasurements": [node["id"] for node in nodes]} if nodes else {}
