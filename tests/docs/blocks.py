"""The fenced blocks of a Markdown page, and what a comment above each says of it.

    <!-- not run: why -->      counted, and not run
    <!-- file: NAME -->        saved under this name in the page's folder, for the commands that follow
    <!-- excerpt: PATH -->     a part of this file, as the commands of the page leave it
    <!-- output -->            what the block before prints

A `console` block holds commands after `$ ` (continued after `> `), each with its output below; `sh`, `python`
and `sparql` blocks are run whole. A command that ends with ` &` starts a server, which is waited for. `...`
on a line of its own stands for any lines, `…` for any characters.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>not run|file|excerpt|output)(?:: (?P<value>[^\n]*?))? -->\n\n?)?"
    r"^```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: where its text starts, the line of its fence, its language, the comment above it."""

    start: int
    line: int
    language: str
    text: str
    mark: str | None
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of a `console` block as it is written, and the output that is printed below it."""

    text: str
    output: str


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page in their order."""
    return [
        Block(
            start=found.start("text"),
            line=page.count("\n", 0, found.start("language")) + 1,
            language=found["language"],
            text=found["text"],
            mark=found["mark"],
            value=found["value"] or "",
        )
        for found in _BLOCK.finditer(page)
    ]


def commands(text: str) -> list[Command]:
    """Return the commands of a `console` block; raise ValueError if it begins with something else."""
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line.removeprefix("$ ")], []))
        elif not found:
            raise ValueError(f"expected a command after « $ », found {line!r}")
        elif line.startswith("> ") and not found[-1][1]:
            found[-1][0].append(line.removeprefix("> "))
        else:
            found[-1][1].append(line)
    return [Command(text="\n".join(lines), output="\n".join(output)) for lines, output in found]


def written(found: list[Command]) -> str:
    """Write commands as a `console` block has them."""
    lines = [
        "\n".join(f"$ {each.text}".splitlines()).replace("\n", "\n> ") + f"\n{each.output}" for each in found
    ]
    return "".join(line.rstrip("\n") + "\n" for line in lines)


def relative(page: Path) -> str:
    """Return the name of a page as the repository has it."""
    return page.relative_to(ROOT).as_posix()
