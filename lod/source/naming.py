"""Which question a document is about, as far as a document that cannot be read still says so."""

import re

from lod.model import QuestionKind
from lod.source.document import Document, LargeDocument

_LOOKED_AT = 2**16
"""How many bytes of a document are searched."""
_KINDS = "|".join(sorted(QuestionKind, key=len, reverse=True))
_UID = re.compile(rf"(?<![A-Z0-9])QANR5L([1-9][0-9]?)({_KINDS})([1-9][0-9]{{0,5}})(?![0-9])", re.ASCII)
_OLD_NAME = re.compile(rf"(?<![0-9])([1-9][0-9]?)-([1-9][0-9]{{0,5}})({_KINDS})(?![A-Z0-9])", re.ASCII)
_WRITTEN = "question écrite|question au gouvernement|question orale sans débat"
_HEADING = re.compile(
    rf"({_WRITTEN}) n ?[°º] ?([1-9][0-9]{{0,5}})(?![0-9])",
    re.IGNORECASE,
)
_LEGISLATURE = re.compile(r"(?<![0-9])([1-9][0-9]?) ?\^? ?(?:re|e|ème|eme) législature", re.IGNORECASE)
_TAGS = {tag: re.compile(rf"<{tag}>\s*([^<>\s]+)", re.IGNORECASE) for tag in ("leg", "num", "nat")}
_KIND_NAMES = dict(zip(_WRITTEN.split("|"), QuestionKind, strict=True))


def named_question(document: Document | LargeDocument) -> str:
    """Return the identifier of the one question that a document or its name mentions as its own, or "".

    Nothing is published on the strength of this: it only says whose document could not be read.
    """
    data = document.data if isinstance(document, Document) else document.start
    text = data[:_LOOKED_AT].decode("utf-8", "replace").replace("\u00a0", " ")
    for found in (_by_name(document.name), _by_tags(text), _by_heading(text), _by_name(text)):
        if len(found) == 1:
            return found.pop()
    return ""


def _by_name(text: str) -> set[str]:
    """Return the identifiers in a text, whole or as in the address of an old page."""
    uids = {_uid(*match.groups()) for match in _UID.finditer(text)}
    return uids | {_uid(match[1], match[3], match[2]) for match in _OLD_NAME.finditer(text)}


def _by_tags(text: str) -> set[str]:
    values = {tag: pattern.search(text) for tag, pattern in _TAGS.items()}
    stated = {tag: match[1] for tag, match in values.items() if match}
    legislature = re.match("[1-9][0-9]?", stated.get("leg", ""), re.ASCII)
    if len(stated) < len(_TAGS) or not legislature:
        return set()
    return _by_name(_uid(legislature[0], stated["nat"].upper(), stated["num"]))


def _by_heading(text: str) -> set[str]:
    """Return the question of a page: its kind and number, and the legislature that it names first."""
    legislature = _LEGISLATURE.search(text)
    kinds = {_KIND_NAMES[match[1].lower()]: match[2] for match in _HEADING.finditer(text) if match[1]}
    if not legislature or len(kinds) != 1:
        return set()
    ((kind, number),) = kinds.items()
    return {_uid(legislature[1], kind, number)}


def _uid(legislature: str, kind: str, number: str) -> str:
    return f"QANR5L{legislature}{kind}{number}"
