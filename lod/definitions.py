"""Where the published definitions lie: the context, the ontology, the schemes, the shapes, the queries.

They are part of the wheel; in a checkout they are the folders beside the package. Turtle files name their
resources relative to one `@base` line, so that data published under another base gets its own concepts.
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
    """Give a folder such as `ontology` or `deploy/nginx`, from the wheel or from the checkout."""
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def turtle_files(name: str) -> list[Path]:
    """List the Turtle files beneath a folder such as `shapes`, or right in one such as `ontology/schemes`."""
    top, _, rest = name.partition("/")
    return sorted((folder(top) / rest).glob("*.ttl" if rest else "**/*.ttl"))


def turtle(path: Path, base: str) -> str:
    """Read a definition, its resources named under the given base."""
    text = path.read_text(encoding="utf-8")
    return text.replace(f"@base <{DEFAULT_BASE}>", f"@base <{base}>").replace(
        f"{DEFAULT_BASE}def/", f"{base}def/"
    )


def turtle_of(paths: Iterable[Path], base: str) -> str:
    """Read several Turtle files as one document, under one head."""
    lines = [line for path in paths for line in [*turtle(path, base).split("\n"), ""]]
    head = dict.fromkeys(line for line in lines if line.startswith("@"))
    body = "\n".join(line for line in lines if not line.startswith("@"))
    return "\n".join([*sorted(head), "", re.sub(r"\n{3,}", "\n\n", body).strip(), ""])
