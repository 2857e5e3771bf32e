"""The links of a release to other data, joined to the documents of the questions that they are about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from lod.context import Node
from lod.errors import CheckFailed, quote
from lod.iri import Iris, owning_question
from lod.release import Release


class QuestionLinks:
    """The links of questions, read along with the questions: both are in the same order."""

    def __init__(self, release: Release, iris: Iris) -> None:
        self._iris = iris
        self._streams = [_LinkStream(iris, dump.nodes()) for dump in release.link_dumps("jsonld")]

    def attach(self, node: Node) -> Node:
        """Return the document of a question with what links say of it and of its answers."""
        for stream in self._streams:
            for link in stream.take(self._iris.path(node["id"])):
                node = _merged(node, link)
        return node

    def rest(self) -> dict[str, list[Node]]:
        """Return what links say of other resources of the base, by their path.

        Raise CheckFailed if links are left that are about no question that was read.
        """
        rest = defaultdict[str, list[Node]](list)
        for stream in self._streams:
            for node in stream.drain():
                path = self._iris.path(node["id"])
                if owning_question(f"{path}/"):
                    found = quote(path)
                    raise CheckFailed(f"expected links in the order of questions, found {found} left over")
                if node["id"].startswith(self._iris.base):
                    rest[path].append(node)
        return rest


class _LinkStream:
    """The links of one kind, one after the other."""

    def __init__(self, iris: Iris, nodes: Iterator[Node]) -> None:
        self._iris = iris
        self._nodes = nodes
        self._next = next(nodes, None)

    @property
    def next_question(self) -> str | None:
        """The path of the question that the next link is about; None if there is none."""
        if self._next is None:
            return None
        iri = self._next["id"]
        path = self._iris.path(iri)
        if not iri.startswith(self._iris.base):
            return None
        return owning_question(path) or (path if owning_question(f"{path}/") else None)

    def drain(self) -> Iterator[Node]:
        """Yield all links that are left."""
        if self._next is not None:
            yield self._next
        yield from self._nodes

    def take(self, question: str) -> Iterator[Node]:
        """Yield the links about a question."""
        while self._next is not None and self.next_question == question:
            yield self._next
            self._next = next(self._nodes, None)


def attach_all(nodes: list[Node], links: Iterable[Node]) -> list[Node]:
    """Return the nodes of a document with what links say of the same resources."""
    attached = list(nodes)
    for link in links:
        place = next((n for n, node in enumerate(attached) if node["id"] == link["id"]), None)
        if place is None:
            attached.append(link)
        else:
            attached[place] = _merged(attached[place], link)
    return attached


def _merged(node: Node, link: Node) -> Node:
    """Return a question with what a link says of it, or of one of its answers."""
    if link["id"] != node["id"]:
        answers = [_merged(each, link) if each["id"] == link["id"] else each for each in node["answers"]]
        return {**node, "answers": answers}
    return {**node, **{key: _union(node.get(key), value) for key, value in link.items()}}


def _union(before: object, value: object) -> object:
    return [*before, *value] if isinstance(before, list) and isinstance(value, Iterable) else value
