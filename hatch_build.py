"""What is checked before the package is built: that the editor of the query page is there."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_EDITOR = Path("lod", "web", "sparql", "assets", "vendor")
_FILES = ("yasgui.min.js", "yasgui.min.css", "LICENCES.txt")


class EditorHook(BuildHookInterface):  # type: ignore[type-arg, misc]
    """Refuses to build a package whose query page would have no editor."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Look for the files; an editable install works without them, with a plain field for queries."""
        missing = [name for name in _FILES if not (Path(self.root) / _EDITOR / name).is_file()]
        if missing and version != "editable":
            raise SystemExit(f"expected {', '.join(missing)} in {_EDITOR}, found none: run `make web` first")
