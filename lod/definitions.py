"""The published definitions: the context, the ontology, the concept schemes, the shapes, the queries.

They are part of the wheel; in a checkout they are the folders beside the package. Turtle files name their
resources relative to one `@base` line, so that data published under another base have concepts of their own.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DEFAULT_BASE = "https://w3id.org/anq/"
DEFAULT_PUBLISHER = "Projet lod"

_PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> Path:
    """Return the path of a folder such as `ontology` or `deploy/nginx`, in the wheel or in the checkout."""
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def turtle_files(name: str) -> list[Path]:
    """Return the Turtle files anywhere under `shapes`, or directly in a subfolder: `ontology/schemes`."""
    top, _, rest = name.partition("/")
    return sorted((folder(top) / rest).glob("*.ttl" if rest else "**/*.ttl"))


def turtle(path: Path, base: str) -> str:
    """Return a Turtle file with its resources named under a base."""
    text = path.read_text(encoding="utf-8")
    return text.replace(f"@base <{DEFAULT_BASE}>", f"@base <{base}>").replace(
        f"{DEFAULT_BASE}def/", f"{base}def/"
    )


def turtle_of(paths: Iterable[Path], base: str) -> str:
    """Return several Turtle files as one document with one set of prefixes."""
    lines = [line for path in paths for line in [*turtle(path, base).split("\n"), ""]]
    head = dict.fromkeys(line for line in lines if line.startswith("@"))
    body = "\n".join(line for line in lines if not line.startswith("@"))
    return "\n".join([*sorted(head), "", re.sub(r"\n{3,}", "\n\n", body).strip(), ""])
