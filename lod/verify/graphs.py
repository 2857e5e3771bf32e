"""Which graph a statement is in: the one of what it speaks of, and no other."""

import re
from collections import Counter
from collections.abc import Iterable

from lod.errors import quote
from lod.verify.findings import LINE, CappedFindings
from lod.verify.triples import parts

_SAME_AS = "<http://www.w3.org/2002/07/owl#sameAs>"


class Graphs:
    """Looks at statements with the names of their graphs, as N-Quads spells them.

    What a statement speaks of says which graph is its own, so none can be in two. Loaded beside them are
    `concepts`: of these the dumps may have what is said of places, which is then loaded once, and no more.
    """

    def __init__(self, base: str, some: CappedFindings, concepts: Iterable[str] = ()) -> None:
        question = rf"<{re.escape(base)}an/\d+/(?:qe|qg|qosd)/\d+"
        self._of_question = re.compile(rf"({question})(?!/reponse-commune/|#depute)[/#>]")
        self._question = re.compile(rf"{question}>")
        self._of_itself = re.compile(rf"<{re.escape(base)}jo/|{question}/reponse-commune/")
        self._base = f"<{base}"
        self._places = f"<{base}graphe/lieux>"
        self._concepts = frozenset(concepts)
        self._some = some
        self._named = f"<{base}graphe/"
        self.counts = Counter[str]()
        self._known = ("", "", False)

    def add(self, line: str, graph: str) -> None:
        """Look at a statement; `counts` has how many each of the graphs has that questions share."""
        if graph.startswith(self._named):
            self.counts[graph] += 1
        subject, predicate, _ = parts(line)
        about = (subject, graph, predicate == _SAME_AS)
        wrong = None if about == self._known else self._wrong(subject, graph, ties=about[2])
        if wrong is None:
            self._known = about
            if line in self._concepts and graph != self._places:
                wrong = "nothing of concepts.ttl but places"
        if wrong:
            self._some.add(wrong, f"{quote(line, LINE)} in {quote(graph, LINE)}")

    def _wrong(self, subject: str, graph: str, *, ties: bool) -> str | None:
        """Say what was expected of the graph of a subject, if that is not what it is."""
        if not graph.startswith("<"):
            return "a graph for each statement"
        if owner := self._of_question.match(subject):
            own = f"{owner[1]}>"
            return None if graph == own else f"what is said of a question in its graph {own}"
        is_of_question = bool(self._question.fullmatch(graph))
        if subject.startswith(f"{self._base}source/") and is_of_question:
            return None
        if is_of_question:
            return "nothing but a question in its graph"
        home = f"{self._base}graphe/liens>" if ties else self._home(subject)
        return None if graph == home else f"this in the graph {home}"

    def _home(self, subject: str) -> str:
        """Give the graph of what questions share."""
        if self._of_itself.match(subject):
            return subject
        if not subject.startswith(self._base) or subject.startswith(f"{self._base}an/circonscription/"):
            return self._places
        is_metadata = subject.startswith((f"{self._base}source/", f"{self._base}logiciel/"))
        return f"{self._base}graphe/{'metadonnees' if is_metadata else 'acteurs'}>"
