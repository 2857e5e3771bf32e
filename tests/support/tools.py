"""Programs that tests run: without its program a test is skipped, which fails where all are required."""

import shutil
import sys
from pathlib import Path

import pytest


def require_tool(*names: str, install: str) -> str:
    """Return the path of the first of some programs that is installed; skip the test if there is none."""
    beside = Path(sys.executable).parent
    for name in names:
        if found := shutil.which(name, path=str(beside)) or shutil.which(name):
            return found
    return pytest.skip(f"{' or '.join(names)} is not installed: {install}")


def require_file(path: Path, install: str) -> Path:
    """Return the path of a file that is installed with a program; skip the test if it is not there."""
    if not path.exists():
        pytest.skip(f"{path.name} is not there: {install}")
    return path
