"""A SHACL validation report as nodes."""

from collections.abc import Mapping, Sequence

from lod.context import Node
from lod.iri import Iris, is_valid


def report(iris: Iris, name: str, results: Sequence[Mapping[str, str]]) -> Node:
    """Describe a report; each result is given by the keys of the context."""
    me = iris.report(name)
    node: Node = {"type": ["ValidationReport"], "id": me, "conforms": not results}
    if results:
        node["results"] = [_result(iris, name, n, result) for n, result in enumerate(results, 1)]
    return node


def _result(iris: Iris, name: str, rank: int, result: Mapping[str, str]) -> Node:
    stated = {key: value for key, value in result.items() if value}
    if not is_valid(result["focusNode"]):
        del stated["focusNode"]
    return {"type": ["ValidationResult"], "id": iris.report(name, f"resultat-{rank}"), **stated}
