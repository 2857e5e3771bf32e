"""The fixed concepts, which data refer to and do not describe: what a pass needs of them, as N-Triples."""

from lod import definitions, rdf
from lod.shacl.profile import Part
from lod.shacl.result import TYPE


class Concepts:
    """The fixed schemes, and the heads of those open schemes that data have concepts of."""

    def __init__(self, base: str) -> None:
        self._fixed = _ntriples(definitions.turtle_of(definitions.turtle_files("ontology/schemes"), base))
        self._types = "".join(line for line in self._fixed.splitlines(keepends=True) if f" <{TYPE}> " in line)
        self._heads = {
            f"\n<{base}def/{path.stem}> ": _ntriples(definitions.turtle(path, base))
            for path in definitions.turtle_files("ontology/schemes/open")
        }

    def beside(self, ntriples: str, part: Part) -> str:
        """Give what a pass over these data must have beside them."""
        if part is Part.ACROSS:
            return ""
        if part is Part.DOCUMENTS:
            return self._types
        heads = (head for scheme, head in self._heads.items() if scheme in f"\n{ntriples}")
        return self._fixed + "".join(heads)


def _ntriples(turtle: str) -> str:
    return "".join(f"{' '.join(triple)} .\n" for triple in rdf.triples(turtle))
