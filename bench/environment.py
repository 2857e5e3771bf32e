"""Morph-KGC in an environment of its own: it wants an older rdflib and pyoxigraph than this project."""

import json
import subprocess
import venv
from pathlib import Path

MORPH_KGC = ("morph-kgc==2.10.0", "pyarrow", "msgspec", "python-dateutil")
"""It, and what `bench.ways.morph` makes its tables with."""

_VERSIONS = """
import importlib.metadata, json
names = ("morph-kgc", "pandas", "pyarrow", "rdflib", "pyoxigraph")
print(json.dumps({name: importlib.metadata.version(name) for name in names}))
"""


def python_of(folder: Path, *, install: bool) -> Path | None:
    """Give the Python of an environment with Morph-KGC, made if need be and if that may be; None if not."""
    python = folder / "bin" / "python"
    if not python.exists() and install:
        venv.create(folder, with_pip=True)
        command = [f"{python}", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *MORPH_KGC]
        if subprocess.run(command, check=False).returncode:
            return None
    return python if python.exists() else None


def versions(python: Path) -> dict[str, str]:
    """Give the versions of what is in an environment with Morph-KGC."""
    told = subprocess.run([python, "-c", _VERSIONS], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(told.stdout)
    return found
