"""The configuration of a site that keeps itself up to date: one file, `lod.toml`."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

from lod.compression import Compression
from lod.definitions import DEFAULT_BASE, DEFAULT_PUBLISHER
from lod.errors import Misused, NotReadOrWritten, quote
from lod.model import QuestionKind
from lod.release_files import LinkKind

CONFIGURATION = "lod.toml"

_MAX_BYTES = 2**20
_PATHS = ("mirror", "out", "sources")
_LISTS = ("documents", "corrections", "links")


class Configuration(Struct, frozen=True, kw_only=True):
    """What to harvest, how to publish it, and what to keep; without a file, all of this is the default.

    Paths are relative to the folder of the file. `documents` are files and folders with documents that are
    read along with the archives, `corrections` are folders of corrections, `links` are files of links to
    other data, and `without` has the kinds of such links that are left out.
    """

    legislatures: tuple[Annotated[int, Meta(ge=1, le=99)], ...] = ()
    kinds: Annotated[tuple[str, ...], Meta(min_length=1)] = tuple(QuestionKind)
    registers: tuple[str, ...] = ("AMO30",)
    sources: Path | None = None
    contact: str | None = None
    timeout: Annotated[float, Meta(gt=0)] = 1800.0
    mirror: Path = Path("mirror")
    documents: tuple[Path, ...] = ()
    corrections: tuple[Path, ...] = ()
    base: str = DEFAULT_BASE
    publisher: str = DEFAULT_PUBLISHER
    compress: Compression = Compression.NONE
    split: bool = False
    parquet: bool = False
    xlsx: bool = False
    links: tuple[Path, ...] = ()
    without: tuple[LinkKind, ...] = ()
    strict: bool = True
    jobs: Annotated[int, Meta(ge=1)] | None = None
    out: Path = Path("out")
    keep: Annotated[int, Meta(ge=2)] = 7
    address: str | None = None


def load_configuration(file: Path | None) -> Configuration:
    """Return the configuration of a file, or of `lod.toml` here if there is one, or else the default.

    Raise Misused if the file is not a configuration.
    """
    path = file or Path(CONFIGURATION)
    try:
        with path.open("rb") as stream:
            text = stream.read(_MAX_BYTES).decode()
        values = tomllib.loads(text)
        _refuse_unknown(path, values)
        found = msgspec.convert(values, Configuration, dec_hook=_path)
    except FileNotFoundError:
        if file is None:
            return Configuration()
        raise Misused(f"{path}: expected a file with the configuration, found none") from None
    except OSError as error:
        raise NotReadOrWritten.from_os(error, path) from None
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$.")
        raise Misused(f"{path}, {place.strip('`')}: {what[:1].lower()}{what[1:]}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Misused(f"{path}: expected a configuration in TOML, found {quote(str(error), 200)}") from None
    return _relative_to(path.parent, found)


def _refuse_unknown(path: Path, values: dict[str, Any]) -> None:
    """Raise Misused for a key that a configuration does not have."""
    for key in values:
        if key not in Configuration.__struct_fields__:
            known = ", ".join(Configuration.__struct_fields__)
            raise Misused(f"{path}: expected one of the keys {known}; found {quote(key)}")


def _path(_type: type, value: Any) -> Path:
    """Return a value as a path; raise ValueError if it is not a text."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"Expected a path, got {quote(str(value), 60)}")
    return Path(value)


def _relative_to(folder: Path, found: Configuration) -> Configuration:
    """Return a configuration whose paths are relative to a folder."""
    paths = {name: folder / value for name in _PATHS if (value := getattr(found, name))}
    lists = {name: tuple(folder / path for path in getattr(found, name)) for name in _LISTS}
    return structs.replace(found, **paths, **lists)
