"""The rubrics under which the Assemblée sorts questions, in its own spelling: one table of facts."""

import csv
from functools import cache

from lod import definitions
from lod.slugs import words


def official(printed: str) -> str:
    """Give a rubric the spelling of the official list; one that is not in it stays as printed."""
    return _table().get(_key(printed), printed)


@cache
def _table() -> dict[str, str]:
    with (definitions.folder("ontology") / "rubriques.tsv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return {_key(row["label"]): row["label"] for row in rows}


def _key(label: str) -> str:
    return " ".join(words(label))
