"""What is checked before the package is built: a release has the editor of the query page."""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

RELEASE = "LOD_RELEASE"
"""The environment variable that says that what is built is a release: LOD_RELEASE=1."""
_EDITOR = Path("lod", "web", "sparql", "assets", "vendor")
_FILES = ("yasgui.min.js", "yasgui.min.css", "LICENCES.txt")


class EditorHook(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Refuses to build a release whose query page would have no editor."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Look for the files; without them, whatever is no release has a plain field for queries."""
        missing = [name for name in _FILES if not (Path(self.root) / _EDITOR / name).is_file()]
        if missing and os.environ.get(RELEASE):
            files = ", ".join(missing)
            raise SystemExit(f"{RELEASE} is set: expected {files} in {_EDITOR}, found none: run `make web`")
