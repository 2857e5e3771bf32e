"""The manual is complete: all commands, options and defaults, all exit codes, all files of a release."""

import enum
import re
from typing import Any

import pytest
import typer

from lod import Summary, errors
from lod.cli.main import TERMINATED, app
from lod.store import client
from tests.conftest import ROOT
from tests.docs.blocks import PAGES as PAGES_WITH_COMMANDS
from tests.docs.blocks import blocks
from tests.support.loops import some

PAGES = ("manual.md", "harvest.md", "update.md")
MANUAL = "\n".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in PAGES)
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", MANUAL, re.MULTILINE | re.DOTALL))
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
OPTIONS = [
    (name, parameter)
    for name, command in COMMANDS.items()
    for parameter in command.params
    if parameter.param_type_name == "option"
]


def option_rows(command: str) -> dict[frozenset[str], str]:
    """Return the rows of the table of options of a command, by the spellings of the option."""
    (section,) = [text for title, text in SECTIONS.items() if title.startswith(f"`lod {command} ")]
    rows = re.findall(r"^\| (`--.+?) \| (.+) \|$", section, re.MULTILINE)
    return {frozenset(re.findall(r"`(--?[a-z-]+)`", spelling)): meaning for spelling, meaning in rows}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_of_a_command_has_its_options_and_no_others(command: str) -> None:
    spellings = {
        frozenset([*parameter.opts, *parameter.secondary_opts])
        for name, parameter in OPTIONS
        if name == command
    }
    assert option_rows(command).keys() == spellings


def test_every_default_is_in_the_row_of_its_option() -> None:
    for command, option in some(OPTIONS):
        default = option.default
        if default is None or isinstance(default, bool) or callable(default):
            continue
        text = (
            default.value
            if isinstance(default, enum.Enum)
            else f"{default:g}"
            if isinstance(default, float)
            else str(default)
        )
        meaning = option_rows(command)[frozenset([*option.opts, *option.secondary_opts])]
        assert re.search(rf"\b{re.escape(text)}(?!\w)", meaning), f"lod {command} {option.opts[0]}: {text}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example(command: str) -> None:
    (section,) = [text for title, text in SECTIONS.items() if title.startswith(f"`lod {command} ")]
    assert re.search(rf"^```console\n(?:.*\n)*?\$ lod {command} ", section, re.MULTILINE)


def test_every_exit_code_is_in_its_table() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", SECTIONS["Exit codes"], re.MULTILINE)}
    subclasses = errors.LodError.__subclasses__()
    assert codes == {0, 3, 130, TERMINATED} | {error.exit_code for error in some(subclasses)}


def test_every_file_of_a_release_is_in_its_table(sample_release: Summary, split_release: Summary) -> None:
    start, end = MANUAL.index("### Files of a release"), MANUAL.index("### Compression")
    described = MANUAL[start:end]
    for release in (sample_release, split_release):
        for path in some(release.path.glob("*.*")):
            name = path.name.removesuffix(".zst")
            stem, _, ending = name.partition(".")
            is_part = stem == "shared" or stem.startswith("questions-")
            known = f"questions.{ending}" if is_part else name
            assert f"`{known}`" in described, path.name


def test_every_environment_variable_is_in_its_table() -> None:
    rows = re.findall(r"^\| (`[^|]+) \|", SECTIONS["Environment variables"], re.MULTILINE)
    named = set(re.findall(r"`([A-Z_]+)`", " ".join(rows)))
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "lod").rglob("*.py"))
    used = set(re.findall(r"(?:environ(?:\.get\(|\[)|envvar=)\"([A-Z_]+)\"", code)) | {
        client.USER,
        client.PASSWORD,
    }
    of_others = {
        "NETRC",
        "JVM_ARGS",
        "JDK_JAVA_OPTIONS",
        "LOD_RELEASE",
    }  # read by libraries, Java and the build
    assert named == used | of_others


def test_every_option_with_a_value_has_an_example() -> None:
    """In a block of commands, or in its row: `--jobs 4`."""
    text = "\n".join(block.text for page in PAGES_WITH_COMMANDS for block in blocks(page.read_text("utf-8")))
    commands = re.sub(r"\\\n(?:> )?\s*", " ", text).splitlines()
    missing = []
    for name, option in some(OPTIONS):
        if option.is_flag:
            continue
        spelling = rf"(?<!\S)`?(?:{'|'.join(map(re.escape, option.opts))})[ =][^\s|`]"
        row = option_rows(name)[frozenset([*option.opts, *option.secondary_opts])]
        lines = [line for line in commands if re.search(rf"\blod {name}\b", line)]
        if not any(re.search(spelling, example) for example in [row, *lines]):
            missing.append(f"lod {name} {option.opts[0]}")
    assert missing == []
