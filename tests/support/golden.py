"""Golden files: what was looked at once and approved; `--regen` writes them anew and then skips."""

from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def approved(name: str, text: str, *, regen: bool, folder: Path = GOLDEN) -> None:
    """Assert that a text is the approved one, byte for byte."""
    path = folder / name
    if regen:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        pytest.skip(f"wrote {name}: look at it, then run again without --regen")
    assert text == path.read_text(encoding="utf-8"), f"{name} has changed"
