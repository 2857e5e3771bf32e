"""Running the command in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path


def lod(
    *words: str | Path, cwd: Path | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    """Run `lod` and return what it printed and its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "lod", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": "300"} | environment,
    )
