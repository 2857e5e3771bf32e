"""What is left of a whole release for the shapes that look across questions: types, identifiers, links.

It is kept on disk and looked at part by part, so that more questions do not take more memory.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from lod.shacl.cross_document import PARTS, Blocks, CrossDocumentProjection, ProjectedLines


class Projection(ExitStack):
    """Takes in what is seen of resources; its files, in a folder, are there until it is closed."""

    def __init__(self, wanted: CrossDocumentProjection, folder: Path | None = None) -> None:
        super().__init__()
        self._wanted = wanted
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._alike = [self._file(folder) for _ in range(PARTS)]
        self._loose = self._file(folder)
        self._linked = list[bytes]()
        self._referred = set[bytes]()

    def see(self, blocks: Blocks) -> None:
        """Take in what is seen of resources."""
        self.add(self._wanted.of(blocks))

    def add(self, seen: ProjectedLines) -> None:
        """Take in lines; of a link that is only asked for, the first that has it."""
        for part, lines in seen.alike.items():
            self._alike[part].writelines(lines)
        self._linked += [line for link, line in seen.once.items() if link not in self._referred]
        self._referred.update(seen.once)
        self._linked += seen.linked
        self._loose.writelines(seen.loose)

    def alike(self) -> Iterator[bytes]:
        """Give what has values, part by part: those that are alike are together."""
        for part in self._alike:
            part.seek(0)
            yield part.read()

    def linked(self) -> bytes:
        """Give what refers to others, and what these are."""
        linked = {line.split(b" ", 2)[2][:-3] for line in self._linked}
        self._loose.seek(0)
        loose = [line for line in self._loose if line.partition(b" ")[0] in linked]
        return b"".join([*self._linked, *loose])

    def _file(self, folder: Path | None) -> IO[bytes]:
        return self.enter_context(TemporaryFile(dir=folder))
