"""The fixed concepts, which data refer to and do not describe: what a pass needs of them, as N-Triples."""

from lod import definitions, rdf
from lod.shacl.profile import ValidationPass
from lod.shacl.result import TYPE


class Concepts:
    """The fixed schemes, and the heads of those open schemes that data have concepts of."""

    def __init__(self, base: str) -> None:
        self._fixed = _ntriples(definitions.turtle_of(definitions.turtle_files("ontology/schemes"), base))
        lines, of_type = self._fixed.splitlines(keepends=True), f" <{TYPE}> ".encode()
        self._types = b"".join(line for line in lines if of_type in line)
        self._heads = {
            f"\n<{base}def/{path.stem}> ".encode(): _ntriples(definitions.turtle(path, base))
            for path in definitions.turtle_files("ontology/schemes/open")
        }

    def beside(self, ntriples: bytes, part: ValidationPass) -> bytes:
        """Give what a pass over these data must have beside them."""
        if part is ValidationPass.ACROSS:
            return b""
        if part is ValidationPass.DOCUMENTS:
            return self._types
        heads = (head for scheme, head in self._heads.items() if scheme in b"\n" + ntriples)
        return self._fixed + b"".join(heads)


def _ntriples(turtle: str) -> bytes:
    return "".join(f"{' '.join(triple)} .\n" for triple in rdf.triples(turtle)).encode()
