"""The versions of the published definitions: ontology, context, shapes, rules of IRIs.

They are semantic: a major version breaks some consumer, a minor one adds. `ontology/versions.toml` lists all
that there were, each with the digest of its content, so that nothing changes under a published number.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lod import definitions

TABLE = "versions.toml"
CONTEXT, IRIS, ONTOLOGY, SHAPES = "context", "iris", "ontology", "shapes"
"""The names of what has versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version, and the SHA-256 of what it names; the rules of IRIs are code and have none."""

    number: str
    sha256: str | None = None


@cache
def history(name: str) -> list[Version]:
    """Return all versions of a definition, the current one last."""
    rows = tomllib.loads((definitions.folder("ontology") / TABLE).read_text(encoding="utf-8"))[name]
    return [Version(number=row["version"], sha256=row.get("sha256")) for row in rows]


def current() -> dict[str, str]:
    """Return the number of the current version of each definition, by its name."""
    return {name: history(name)[-1].number for name in (CONTEXT, IRIS, ONTOLOGY, SHAPES)}


def digest(name: str) -> str:
    """Return the SHA-256 of a definition as it is now."""
    ontology = definitions.folder("ontology")
    files = {
        CONTEXT: [ontology / "context.jsonld"],
        ONTOLOGY: [ontology / "anq.ttl", *sorted((ontology / "schemes").rglob("*.ttl"))],
        SHAPES: definitions.turtle_files("shapes"),
    }
    return _digest(files[name])


def contexts() -> dict[str, Path]:
    """Return the published contexts by the paths of their addresses: the current one, and each version."""
    folder = definitions.folder("ontology")
    *former, newest = (version.number for version in history(CONTEXT))
    files = {f"context/{number}.jsonld": folder / "contexts" / f"{number}.jsonld" for number in former}
    current_file = folder / "context.jsonld"
    return {"context.jsonld": current_file, **files, f"context/{newest}.jsonld": current_file}


def _digest(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        whole.update(b"%d\n%b" % (len(data), data))
    return whole.hexdigest()
