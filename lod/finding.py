"""Kinds of findings: what the program decided rather than read, by a stable name under which it is counted.

A problem has a finding of its own, or else the default of its cause or of its place. A new kind is a member
here, its French name in `lod/describe/concept.py`, and a metric in `ontology/schemes/findings.ttl`.
"""

import enum


class Finding(enum.StrEnum):
    """The kinds, by the names that problems.jsonl has and the metrics have as notation."""

    ACCOUNT_PREFERRED = "account-preferred"
    ACCOUNTS_CONTRADICT = "accounts-contradict"
    AUTHOR_MISSING = "author-missing"
    AUTHOR_UNCERTAIN = "author-uncertain"
    CORRECTION_APPLIED = "correction-applied"
    CORRECTION_NOT_APPLIED = "correction-not-applied"
    DAY_IMPLAUSIBLE = "day-implausible"
    DAY_MISSING = "day-missing"
    DEPARTEMENT_UNKNOWN = "departement-unknown"
    DOCUMENT_UNREADABLE = "document-unreadable"
    ENCODING_ASSUMED = "encoding-assumed"
    END_UNKNOWN = "end-unknown"
    FORM_NOT_READ = "form-not-read"
    INVISIBLE_CHARACTER = "invisible-character"
    MINISTRY_MISSING = "ministry-missing"
    PAGE_MISSING = "page-missing"
    RECALL_UNRESOLVED = "recall-unresolved"
    REGISTER_INCOMPLETE = "register-incomplete"
    SERIES_UNKNOWN = "series-unknown"
    SHAPE_RESULT = "shape-result"
    SHARED_VALUE_DIFFERS = "shared-value-differs"
    TEXT_GARBLED = "text-garbled"
    TEXT_MISSING = "text-missing"
    TEXT_SIMPLIFIED = "text-simplified"
    VALUE_UNEXPECTED = "value-unexpected"
    VALUE_UNKNOWN = "value-unknown"
    WEEKDAY_UNEXPECTED = "weekday-unexpected"


_BY_PLACE = {
    "encoding": Finding.ENCODING_ASSUMED,
    "journal": Finding.SERIES_UNKNOWN,
    "closure": Finding.END_UNKNOWN,
    "author": Finding.AUTHOR_UNCERTAIN,
}
"""The kind of a problem at a place, by the last part of the place."""
_BY_CAUSE = {
    "document": Finding.DOCUMENT_UNREADABLE,
    "unknown": Finding.VALUE_UNKNOWN,
    "contradiction": Finding.ACCOUNTS_CONTRADICT,
    "identity": Finding.AUTHOR_UNCERTAIN,
    "shape": Finding.SHAPE_RESULT,
    "correction": Finding.CORRECTION_NOT_APPLIED,
}


def default_finding(cause: str, place: str) -> Finding:
    """Return the kind of a problem that has none of its own: that of its cause, or else of its place."""
    by_place = _BY_PLACE.get(place.rpartition(", ")[2], Finding.VALUE_UNEXPECTED)
    return _BY_CAUSE.get(cause, by_place)
