"""Counts of the structure of `lod/`: run as `python -m tests.structure`, optionally with another checkout."""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

SHORT = 60
"""The lines below which a module may not be worth a file of its own."""


def measure(root: Path) -> dict[str, int]:
    """Return the counts of the package in a checkout, by what they count."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((root / "lod").rglob("*.py"))
    }
    modules = {_module(path.relative_to(root)): path for path in trees}
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules.items()}
    importers, arrows = defaultdict[str, set[str]](set), set[tuple[str, str]]()
    for name, path in modules.items():
        for imported in set(_imports(trees[path], modules)) - {name}:
            importers[imported].add(name)
            arrows.add((_package(name), _package(imported)))
    return {
        "modules": len(modules),
        "lines": sum(lines.values()),
        "mean lines of a module": round(sum(lines.values()) / len(lines)),
        f"modules under {SHORT} lines": sum(count < SHORT for count in lines.values()),
        "modules imported by exactly one other": sum(len(names) == 1 for names in importers.values()),
        "arrows between packages": sum(start != end for start, end in arrows),
        "duplicate class names": len(duplicate_classes(root)),
    }


def duplicate_classes(root: Path) -> dict[str, int]:
    """Return the names of several classes at the top level of modules, and how many classes have each."""
    names = Counter(
        node.name
        for path in (root / "lod").rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )
    return {name: count for name, count in names.items() if count > 1}


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _imports(tree: ast.Module, modules: dict[str, Path]) -> Iterator[str]:
    """Yield the modules of the package that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules:
                    yield whole
                elif node.module in modules:
                    yield node.module


if __name__ == "__main__":
    checkout = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1]
    for what, count in measure(checkout).items():
        sys.stdout.write(f"{count:>8,}  {what}\n")
