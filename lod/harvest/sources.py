"""The table of sources: at which address each official archive, page and item is."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from lod.errors import Misused, quote
from lod.model import QuestionId, QuestionKind

OFFICIAL_SOURCES = Path(__file__).parent / "sources.toml"

_REGISTER = "AMO30"
"""The register of all legislatures: the one that goes with questions."""
_KIND = r"^[A-Z][A-Z0-9]{0,15}$"
"""A kind is part of a file name."""
_MAX_FILE_BYTES = 2**20


class SourceAddress(Struct, frozen=True, kw_only=True):
    """An address; only one that the user configured may be that of a private network."""

    url: str
    may_be_private: bool


class ArchiveSource(Struct, frozen=True, kw_only=True):
    """An archive of the questions of one kind and legislature, or a register, which is of no legislature."""

    kind: str
    legislature: int | None
    address: SourceAddress

    @property
    def name(self) -> str:
        """The name in messages, such as 17-QE or AMO30."""
        return self.kind if self.legislature is None else f"{self.legislature}-{self.kind}"

    @property
    def path(self) -> str:
        """The path in a mirror. It depends on nothing that a server says."""
        return f"{'registers' if self.legislature is None else 'questions'}/{self.name}.zip"


class _ArchiveRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Annotated[str, Meta(pattern=_KIND)]
    legislature: Annotated[int, Meta(ge=1, le=99)] | None = None
    address: str


class _SingleRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    page: str | None = None
    item: str | None = None


class _TableFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    archive: list[_ArchiveRow] = []
    single: _SingleRow = _SingleRow()


class SourceTable:
    """All known sources: the official ones, and those of a file of the user, which come before them."""

    def __init__(self, file: Path | None = None) -> None:
        self._archives = dict[tuple[str, int | None], ArchiveSource]()
        self._single = dict[str, SourceAddress]()
        self._add(OFFICIAL_SOURCES, may_be_private=False)
        if file:
            self._add(file, may_be_private=True)

    def select(self, kinds: Sequence[str] = (), legislatures: Sequence[int] = ()) -> list[ArchiveSource]:
        """Return the archives of kinds and legislatures, registers first.

        By default these are all kinds of questions, and the register of all legislatures; of legislatures,
        the newest one of the table. Raise Misused if there is no archive for a kind or legislature.
        """
        newest = max(legislature or 0 for _, legislature in self._archives)
        wanted_kinds = dict.fromkeys(kinds or (_REGISTER, *QuestionKind))
        wanted_legislatures = dict.fromkeys(legislatures or (newest,))
        found = [self._of_kind(kind, list(wanted_legislatures)) for kind in wanted_kinds]
        return sorted(
            (source for group in found for source in group), key=lambda s: s.legislature is not None
        )

    def _of_kind(self, kind: str, legislatures: list[int]) -> list[ArchiveSource]:
        if (kind, None) in self._archives:
            return [self._archives[kind, None]]
        missing = [n for n in legislatures if (kind, n) not in self._archives]
        if missing:
            known = ", ".join(source.name for source in self._archives.values())
            raise Misused(
                f"expected an archive that the table of sources has ({known}), found none for "
                f"{quote(f'{missing[0]}-{kind}')}; --sources FILE adds one"
            )
        return [self._archives[kind, n] for n in legislatures]

    def page(self, question: QuestionId) -> SourceAddress:
        """Return the address of the page of a question."""
        return self._of_question("page", question)

    def item(self, question: QuestionId) -> SourceAddress:
        """Return the address of a question in JSON."""
        return self._of_question("item", question)

    def _of_question(self, form: str, question: QuestionId) -> SourceAddress:
        template = self._single[form]
        values = {name: f"{getattr(question, name)}" for name in ("legislature", "number", "kind", "uid")}
        url = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), template.url)
        return SourceAddress(url=url, may_be_private=template.may_be_private)

    def _add(self, file: Path, *, may_be_private: bool) -> None:
        table = _read(file)
        for row in table.archive:
            address = SourceAddress(url=_checked(row.address, file), may_be_private=may_be_private)
            self._archives[row.kind, row.legislature] = ArchiveSource(
                kind=row.kind, legislature=row.legislature, address=address
            )
        for form in ("page", "item"):
            if template := getattr(table.single, form):
                self._single[form] = SourceAddress(
                    url=_checked(template, file), may_be_private=may_be_private
                )


def _read(file: Path) -> _TableFile:
    try:
        with file.open("rb") as stream:
            text = stream.read(_MAX_FILE_BYTES).decode()
        return msgspec.convert(tomllib.loads(text), _TableFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, msgspec.ValidationError) as error:
        raise Misused(
            f"{file}: expected a table of sources in TOML, found {quote(str(error), 200)}"
        ) from None


def _checked(address: str, file: Path) -> str:
    """Return an address; raise Misused if it is not one of HTTP, or has a password in it."""
    try:
        parts = urlsplit(address)
        is_usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_usable = None
    if not is_usable or not address.isascii() or not address.isprintable() or " " in address:
        raise Misused(f"{file}: expected an address with http: or https:, found {quote(address, 200)}")
    if "@" in parts.netloc:
        raise Misused(f"{file}: expected an address without a user or password, found one with « @ »")
    return address
