"""Several accounts of one question become one question, or a Problem that names them all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from lod.errors import Cause, Problem, Severity
from lod.model import Question, QuestionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one document says of a question."""

    document: str
    digest: str
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The questions, the documents that added nothing, and those that contradict each other."""

    questions: list[Question]
    duplicates: int
    problems: list[Problem]


def merge(accounts: Iterable[Account]) -> Merged:
    """Bring accounts of one question together; contradictory ones are all rejected, none is preferred."""
    by_id: dict[QuestionId, list[Account]] = defaultdict(list)
    for account in accounts:
        by_id[account.question.id].append(account)
    questions, problems, duplicates = [], [], 0
    for group in by_id.values():
        differing = _differing(group)
        if differing:
            problems += [_contradiction(account, group, differing) for account in group]
            continue
        sources = sorted({source for account in group for source in account.question.sources})
        questions.append(replace(group[0].question, sources=tuple(sources)))
        duplicates += len(group) - 1
    return Merged(questions=questions, duplicates=duplicates, problems=problems)


def _differing(group: list[Account]) -> list[str]:
    first = group[0].question
    names = [field.name for field in fields(Question) if field.compare]
    return [
        name for name in names if any(getattr(a.question, name) != getattr(first, name) for a in group[1:])
    ]


def _contradiction(account: Account, group: list[Account], differing: list[str]) -> Problem:
    others = sorted({f"{o.document} (sha256 {o.digest[:12]}…)" for o in group if o is not account})
    return Problem(
        document=account.document,
        digest=account.digest,
        place=", ".join(differing),
        expected=f"the same as {' and '.join(others)} on {account.question.id.uid}",
        found="another account of it",
        severity=Severity.REJECTED,
        cause=Cause.CONTRADICTION,
    )
