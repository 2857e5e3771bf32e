"""Links to other data: found in the finished dumps of a draft, each kind written to files of its own.

They are made last, from what is published: whatever kind is left out, all other files are the same.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from lod import compression, shacl
from lod import context as contexts
from lod.build.check import internal_error
from lod.build.data_files import DumpWriter, dump_parts
from lod.build.link_finders import LinkFinder, PublishedRef, PublishedTexts
from lod.compression import Compression
from lod.context import Node
from lod.describe.links import LinkFacts
from lod.formats import DUMPS
from lod.iri import Iris
from lod.release import Draft, LinkDump, LinkKind
from lod.release_files import LINK_GRAPHS
from lod.write.dumps import DumpFormatter, GraphPart

_BATCH = 500
"""How many nodes are written and validated at a time."""
_PREFIXES = ("oa",)
_IS_QUESTION = b'"type":["Work","Question"]'


@dataclass(frozen=True, slots=True)
class WrittenLinks:
    """The links of one kind in a release, and what was not linked."""

    facts: LinkFacts
    unlinked: list[dict[str, Any]]


def write_links(
    draft: Draft, iris: Iris, finders: Sequence[LinkFinder], how: Compression, shapes: shacl.Shapes
) -> list[WrittenLinks]:
    """Write the files of some kinds of links; raise CheckFailed if a shape rejects one."""
    outputs = [_LinkOutput(draft, iris, finder.kind, how, shapes) for finder in finders]
    for found in _published(draft) if finders else ():
        for finder, output in zip(finders, outputs, strict=True):
            if isinstance(found, str):
                finder.add_shared(found)
            else:
                output.add(finder.add(found))
    written = []
    for finder, output in zip(finders, outputs, strict=True):
        output.add(finder.finish())
        triples = output.finish()
        facts = LinkFacts(kind=finder.kind, triples=triples, linksets=finder.linksets())
        unlinked = finder.unlinked()
        if unlinked:
            lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in unlinked)
            draft.write(f"{finder.kind}-unlinked.jsonl", "".join(lines))
        written.append(WrittenLinks(facts, unlinked))
    return written


class _LinkOutput:
    """Writes the nodes of one kind of links in all formats, and validates them."""

    def __init__(
        self, draft: Draft, iris: Iris, kind: LinkKind, how: Compression, shapes: shacl.Shapes
    ) -> None:
        self._draft = draft
        self._how = how
        self._shapes = shapes
        self._graph = iris.graph(LINK_GRAPHS[kind])
        self._context = contexts.published()
        self._formatter = DumpFormatter(self._context, iris.base, _PREFIXES)
        self._nodes: list[Node] = []
        self._triples = 0
        self._kind = kind
        self._writers: dict[str, DumpWriter] = {}

    def add(self, nodes: Sequence[Node]) -> None:
        """Add nodes; they are written many at a time."""
        self._nodes += nodes
        while len(self._nodes) >= _BATCH:
            self._flush(_BATCH)

    def finish(self) -> int:
        """Finish the files; return the number of triples."""
        self._flush(len(self._nodes))
        ends = self._formatter.ends()
        for form, writer in self._writers.items():
            writer.end(ends[form])
            self._draft.finish(writer.path)
        return self._triples

    def _begin(self) -> None:
        """Open the files: a kind without any link has none."""
        for form, start in self._formatter.starts().items():
            path = f"{self._kind}.{form}{self._how.suffix}"
            file = self._draft.open(path)
            file.links = LinkDump(kind=self._kind, format=form, compression=self._how)
            self._writers[form] = DumpWriter(path, file, form, self._how)
            self._writers[form].start(start)

    def _flush(self, number: int) -> None:
        nodes, self._nodes = self._nodes[:number], self._nodes[number:]
        if not nodes:
            return
        if not self._writers:
            self._begin()
        texts = {form: list[bytes]() for form in DUMPS}
        triples = 0
        for node in nodes:
            walked = self._context.walk(node)
            part = GraphPart(self._graph, walked.blocks)
            triples += part.count_triples()
            for form, text in self._formatter.texts(node, walked, [part]).items():
                texts[form].append(text)
        for result in self._shapes.check(b"".join(texts["nt"]), part=shacl.ValidationPass.LINKS):
            raise internal_error(result)
        for form, data in dump_parts(texts, self._how).items():
            self._writers[form].append(data, triples)
        self._triples += triples


def _published(draft: Draft) -> Iterator[PublishedTexts | str]:
    """Yield the published questions, in the order of their IRIs, and the IRIs of what they share."""
    decode = msgspec.json.Decoder(PublishedTexts).decode
    decode_ref = msgspec.json.Decoder(PublishedRef).decode
    for path, file in sorted(draft.files.items()):
        if file.dump and file.dump.format == "jsonld":
            with compression.open_decompressed(draft.folder(path), file.dump.compression) as lines:
                for line in lines:
                    if _IS_QUESTION in line:
                        yield decode(line.rstrip(b",\n"))
                    elif line.startswith(b"{"):
                        yield decode_ref(line.rstrip(b",\n")).id
