"""The files of the query page: its own, and those of the editor, which `make web` puts beside them."""

from functools import cache
from pathlib import Path

from lod.release import digest

FOLDER = Path(__file__).parents[1] / "assets"
TEMPLATES = Path(__file__).parents[1] / "templates"


def address(root: str, name: str) -> str:
    """Give the address of a file, another one when the file is another."""
    return f"{root}assets/{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    found = file(name)
    return digest(found)[:12] if found else "0"


def file(name: str) -> Path | None:
    """Find a file by its name; None if there is none, as the editor's in a checkout without `make web`."""
    for folder in (FOLDER, FOLDER / "vendor"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name == name and path.is_file():
                return path
    return None
