"""What a question's graph holds: all that is said of the question and its parts, and nothing else."""

import re

from lod.errors import shown
from lod.verify.findings import LINE, Some
from lod.verify.triples import parts


class Graphs:
    """Looks at statements with the names of their graphs, as N-Quads spells them."""

    def __init__(self, base: str, some: Some) -> None:
        question = rf"<{re.escape(base)}an/\d+/(?:qe|qg|qosd)/\d+"
        self._of_question = re.compile(rf"({question})(?!/reponse-commune/|#depute)[/#>]")
        self._question = re.compile(rf"{question}>")
        self._source = f"<{base}source/"
        self._some = some
        self._known = ("", "")

    def add(self, line: str, graph: str) -> None:
        """Look at a statement."""
        subject = parts(line)[0]
        if (subject, graph) == self._known:
            return
        if (wrong := self._wrong(subject, graph)) is None:
            self._known = (subject, graph)
        else:
            self._some.add(wrong, f"{shown(line, LINE)} in {shown(graph, LINE)}")

    def _wrong(self, subject: str, graph: str) -> str | None:
        """Say what was expected of the graph of a subject, if that is not what it is."""
        if not graph.startswith("<"):
            return "a graph for each statement"
        owner = self._of_question.match(subject)
        if owner and graph != f"{owner[1]}>":
            return f"what is said of a question in its graph {owner[1]}>"
        if not owner and self._question.fullmatch(graph) and not subject.startswith(self._source):
            return "nothing but a question in its graph"
        return None
