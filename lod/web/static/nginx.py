"""The nginx configuration of a static site, which negotiates formats and languages as `lod serve` does."""

import json
import re
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from lod import definitions
from lod.errors import Misused, quote
from lod.formats import CONTENT_TYPES, DOCUMENTS, HTML, by_media_type
from lod.versioned_dir import CURRENT
from lod.web.http.headers import ALWAYS
from lod.web.pages.links import root_path

_CONFIGURATION, _SCRIPT = "site.conf", "negotiation.js"
_SPECIAL = re.compile(r'["\'$\\\x00-\x1f\x7f]')
"""Characters that would end or alter a quoted string of the configuration."""
_URL_PATH = re.compile(r"[A-Za-z0-9/._~-]+")


class _Template(Template):
    """A template with placeholders such as `%{root}`, because nginx has variables with dollars."""

    delimiter = "%"


def check_names(out: Path, address: str | None) -> None:
    """Raise Misused if a folder, or the path of an address, cannot be written into a configuration."""
    if _SPECIAL.search(str(out.resolve())):
        raise Misused(
            "expected a folder whose path can be quoted in an nginx configuration, "
            f"found {quote(str(out.resolve()))}"
        )
    if not _URL_PATH.fullmatch(root_path(address)):
        raise Misused(
            "expected an address whose path needs no quoting in an nginx configuration, "
            f"found {quote(address or '')}"
        )


def write_configuration(out: Path, folder: Path, address: str | None) -> None:
    """Write into a new folder the configuration of the site that is current in `out`."""
    folder.mkdir()
    templates = definitions.folder("deploy/nginx")
    configuration = _Template((templates / _CONFIGURATION).read_text(encoding="utf-8"))
    values = {
        "folder": str(out.resolve() / CURRENT),
        "root": root_path(address),
        "name": (urlsplit(address).hostname if address else None) or "_",
        "types": "\n".join(
            f"        {_media_type(media)} {ending};" for ending, media in CONTENT_TYPES.items()
        ),
        "charset_types": " ".join(
            sorted(
                _media_type(media)
                for media in CONTENT_TYPES.values()
                if "charset" in media and media != HTML.content_type
            )
        ),
        "formats": json.dumps([[each.name, each.content_type] for each in DOCUMENTS.values()]),
        "media_types": json.dumps(
            [[media, each.name] for media, each in by_media_type(DOCUMENTS.values()).items()]
        ),
        "headers": "\n".join(f'    add_header {name} "{value}" always;' for name, value in ALWAYS.items()),
    }
    (folder / _CONFIGURATION).write_text(configuration.substitute(values), encoding="utf-8")
    (folder / _SCRIPT).write_bytes((templates / _SCRIPT).read_bytes())


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0]
