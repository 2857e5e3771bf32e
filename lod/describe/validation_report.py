"""The SHACL validation report of a release."""

from collections.abc import Mapping, Sequence

from lod.context import Node
from lod.iri import Iris, is_valid


def validation_report(iris: Iris, name: str, results: Sequence[Mapping[str, str]]) -> Node:
    """Describe a validation report, given its results under the keys of the context."""
    me = iris.report(name)
    node: Node = {"type": ["ValidationReport"], "id": me, "conforms": not results}
    if results:
        node["results"] = [_result(iris, name, n, result) for n, result in enumerate(results, 1)]
    return node


def _result(iris: Iris, name: str, rank: int, result: Mapping[str, str]) -> Node:
    known = {key: value for key, value in result.items() if value}
    if not is_valid(result["focusNode"]):
        del known["focusNode"]
    return {"type": ["ValidationResult"], "id": iris.report(name, f"resultat-{rank}"), **known}
