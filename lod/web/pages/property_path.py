"""Property paths and lists of shapes, spelt as SPARQL spells them."""

from collections.abc import Iterator, Mapping
from typing import Any

from lod.web.pages.property_table import curie

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class Paths:
    """Spells the paths and values of one document, whose resources are given by their names."""

    def __init__(self, nodes: Mapping[str, Mapping[str, Any]]) -> None:
        self._nodes = nodes

    def path(self, name: str) -> str:
        """Spell a property path: `^eli:realizes`."""
        node = self._nodes.get(name, {})
        if "sh:inversePath" in node:
            return f"^{self.path(node['sh:inversePath'][0]['@id'])}"
        if "sh:alternativePath" in node:
            return " | ".join(
                self.path(one["@id"]) for one in self._list(node["sh:alternativePath"][0]["@id"])
            )
        if f"{_RDF}first" in node:
            return " / ".join(self.path(one["@id"]) for one in self._list(name))
        return curie(name)

    def value(self, value: Mapping[str, Any]) -> str:
        """Spell what a constraint demands: a value, a resource, or a list of them."""
        if "@value" in value:
            return str(value["@value"])
        listed = [self.value(one) for one in self._list(value["@id"])]
        return f"( {' '.join(listed)} )" if listed else curie(value["@id"])

    def _list(self, name: str) -> Iterator[Mapping[str, Any]]:
        while f"{_RDF}first" in (node := self._nodes.get(name, {})):
            yield node[f"{_RDF}first"][0]
            name = node[f"{_RDF}rest"][0]["@id"]
