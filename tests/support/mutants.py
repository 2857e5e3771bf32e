"""Small faults put into the code: mutmut's operators, and one that takes an entry out of a table."""

import difflib
import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

Elements = cst.Tuple | cst.List | cst.Set | cst.Dict
_SKIPPED = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Assert, cst.Decorator, cst.TypeAlias)
"""What has no effect when the program runs, or none that a test of the program should see."""

_FUNCTIONS = (cst.FunctionDef, cst.Lambda)
"""What does not run when a module is imported."""


@dataclass(frozen=True)
class Mutant:
    """A file with one fault in it, which runs `at_import` or in a function."""

    path: Path
    line: int
    last_line: int
    text: str
    diff: str
    at_import: bool


@dataclass(frozen=True)
class Place:
    """A node that can be replaced by another."""

    path: Path
    line: int
    last_line: int
    module: cst.Module
    node: cst.CSTNode
    other: cst.CSTNode
    at_import: bool

    def mutant(self) -> Mutant:
        """Return the file with the other node in it."""
        before = self.module.code
        changed = self.module.deep_replace(self.node, self.other)
        after = changed.code if isinstance(changed, cst.Module) else before
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
        diff = "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
        return Mutant(self.path, self.line, self.last_line, after, diff, self.at_import)


def package(path: Path) -> str:
    """Return the package of a file of the program, or the file's own name if it is in none."""
    return path.parts[1] if len(path.parts) > 2 else path.stem


def places(root: Path, path: Path) -> Iterator[Place]:
    """Yield what can be replaced in a file."""
    wrapper = MetadataWrapper(cst.parse_module((root / path).read_text(encoding="utf-8")))
    positions = wrapper.resolve(PositionProvider)
    found = _Finder()
    wrapper.module.visit(found)
    for node, other, at_import in found.pairs:
        where: Any = positions[node]
        yield Place(path, where.start.line, where.end.line, wrapper.module, node, other, at_import)


class _Finder(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.pairs = list[tuple[cst.CSTNode, cst.CSTNode, bool]]()
        self._functions = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, _SKIPPED) or _is_docstring(node) or _is_for_types(node):
            return False
        others = list(_without_an_entry(node))
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                others += operator(node)
        self.pairs += [(node, other, not self._functions) for other in others]
        self._functions += isinstance(node, _FUNCTIONS)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._functions -= isinstance(original_node, _FUNCTIONS)


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)


def _is_for_types(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.If) and isinstance(node.test, cst.Name) and node.test.value == "TYPE_CHECKING"


def _without_an_entry(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(node, Elements) and len(node.elements) > 1:
        for n in range(len(node.elements)):
            kept: Iterable[Any] = [*node.elements[:n], *node.elements[n + 1 :]]
            yield node.with_changes(elements=kept)


def changed_lines(root: Path, base: str) -> dict[Path, set[int]]:
    """Return the lines that a commit has not yet, by file."""
    command = ["git", "diff", "-U0", base, "--", "lod"]
    text = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    found = defaultdict[Path, set[int]](set)
    path = Path()
    for line in text.splitlines():
        if line.startswith("+++ b/"):
            path = Path(line.removeprefix("+++ b/"))
        elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            found[path] |= set(range(start, start + count))
    return found


def sample(every: list[Place], count: int, seed: int) -> list[Place]:
    """Choose places at random: one of each package, then of all; the same ones for the same seed and code."""
    chance = random.Random(seed)
    chance.shuffle(every)
    first = {package(place.path): place for place in reversed(every)}
    chosen = list(first.values())[:count]
    taken = {id(place) for place in chosen}
    return chosen + [place for place in every if id(place) not in taken][: count - len(chosen)]
