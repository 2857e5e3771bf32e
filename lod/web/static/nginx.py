"""The configuration with which nginx sends a laid-out site, negotiating as `lod serve` does."""

import re
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from lod import definitions
from lod.errors import Misused, quote
from lod.versioned_dir import CURRENT
from lod.web.http.headers import ALWAYS, ENDINGS
from lod.web.index import search_parameters as addresses

_CONFIGURATION, _SCRIPT = "site.conf", "negotiation.js"
_MEANT = re.compile(r'["\'$\\\x00-\x1f\x7f]')
"""What a quoted word of a configuration cannot hold as it is."""
_PATH = re.compile(r"[A-Za-z0-9/._~-]+")


class _Template(Template):
    """A configuration with gaps such as `%{root}`: nginx has its own use for dollars."""

    delimiter = "%"


def check(out: Path, address: str | None) -> None:
    """Raise Misused if a folder, or the path of an address, cannot be written into a configuration."""
    if _MEANT.search(str(out.resolve())):
        raise Misused(f"expected a folder that nginx can be told of, found {quote(str(out.resolve()))}")
    if not _PATH.fullmatch(addresses.root(address)):
        raise Misused(f"expected an address whose path nginx can be told of, found {quote(address or '')}")


def configure(out: Path, folder: Path, address: str | None) -> None:
    """Write the configuration of the site that is current in `out` into a new folder."""
    folder.mkdir()
    templates = definitions.folder("deploy/nginx")
    configuration = _Template((templates / _CONFIGURATION).read_text(encoding="utf-8"))
    values = {
        "folder": str(out.resolve() / CURRENT),
        "root": addresses.root(address),
        "name": (urlsplit(address).hostname if address else None) or "_",
        "types": "\n".join(
            f"        {media.partition(';')[0]} {ending};" for ending, media in ENDINGS.items()
        ),
        "headers": "\n".join(f'    add_header {name} "{value}" always;' for name, value in ALWAYS.items()),
    }
    (folder / _CONFIGURATION).write_text(configuration.substitute(values), encoding="utf-8")
    (folder / _SCRIPT).write_bytes((templates / _SCRIPT).read_bytes())
