"""The name of a release: its last day, and a digest of everything in its manifest.

Whoever has the release can compute it anew. The manifest lists the catalogue, and the catalogue has the
name. So both are digested as they are before there is a name: with zeros in its place.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

UDATA = "catalog-udata.ttl"
"""The catalogue for udata, the software of data.gouv.fr, which reads checksums as plain strings only."""
CATALOGUES = ("catalog.ttl", "catalog.jsonld", UDATA)
"""The files that contain the name."""
_DIGITS = 12


def unnamed(day: date | str) -> str:
    """Return what stands for the name of a release of this last day until it has one."""
    return f"{day}-{'0' * _DIGITS}"


def serialize(manifest: Mapping[str, Any]) -> str:
    """Return the text of a manifest, the only one that it may have."""
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"


def name(manifest: Mapping[str, Any], catalogues: Mapping[str, bytes]) -> str:
    """Return the name that a release must have by its manifest and its catalogues, by their paths.

    Both may have a name already, the same one, or what stands for it.
    """
    old = manifest["release"]
    new = unnamed(old[: -_DIGITS - 1])
    bare = {path: data.replace(old.encode(), new.encode()) for path, data in catalogues.items()}
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in bare.items()}
    files = [
        {**file, "sha256": digests[file["path"]]} if file["path"] in digests else file
        for file in manifest["files"]
    ]
    text = serialize({**manifest, "release": new, "files": files})
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return new[:-_DIGITS] + digest[:_DIGITS]
