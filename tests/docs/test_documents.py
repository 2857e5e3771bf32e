"""What the documents say to type is typed, and what they print is what is printed."""

import difflib
import re
import shutil
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from lod.cli.main import app
from tests.conftest import ROOT
from tests.docs.blocks import PAGES, Block, blocks, commands, relative, written
from tests.docs.comparing import agrees, is_excerpt, is_json_excerpt
from tests.docs.shell import Ended, Shell, shell

NOT_RUN: dict[str, dict[str, int]] = {
    # a page -> why blocks of it are not run, and how many
    "README.md": {
        "downloads from the Assemblée": 1,
        "downloads from the Assemblée; samples under these names take their place": 1,
        "installs packages": 1,
    },
    "docs/architecture.md": {"a drawing": 1},
    "docs/cluster.md": {"installs packages": 1},
    "docs/contributing.md": {
        "downloads the editor of the query page": 1,
        "installs packages": 1,
        "writes golden files": 1,
    },
    "docs/data.md": {"tests/docs/test_node.py runs it": 1},
    "docs/harvest.md": {"downloads from the Assemblée": 1},
    "docs/links.md": {"asks Wikidata": 2},
    "docs/manual.md": {
        "a file for the operator to write": 1,
        "downloads from the Assemblée": 1,
        "it needs two releases": 2,
    },
    "docs/operation.md": {
        "for Prometheus": 1,
        "needs another machine": 1,
        "needs Docker": 1,
        "needs root and systemd": 3,
    },
    "docs/versions.md": {"tests/test_versions.py runs it on data of its own": 1},
    "docs/stores.md": {"installs packages": 1, "needs root": 1},
    "docs/update.md": {"downloads from the Assemblée": 1},
    "docs/web.md": {
        "a file for the repository of w3id.org": 1,
        "downloads the editor of the query page": 1,
        "needs Docker": 2,
        "needs root": 1,
    },
}

OFFICIAL = "https://data.assemblee-nationale.fr/static/openData/repository/"
ARCHIVES = {
    # the path of an official archive -> the samples that take its place, if the documents need any
    "17/amo/tous_acteurs_mandats_organes_xi_legislature/"
    "AMO30_tous_acteurs_tous_mandats_tous_organes_historique.json.zip": "register",
    "17/amo/deputes_actifs_mandats_actifs_organes/AMO10_deputes_actifs_mandats_actifs_organes.json.zip": None,
    "17/amo/acteurs_mandats_organes_divises/AMO50_acteurs_mandats_organes_divises.json.zip": None,
    "17/questions/questions_ecrites/Questions_ecrites.json.zip": "json/*QE*",
    "17/questions/questions_gouvernement/Questions_gouvernement.json.zip": "json/*QG*",
    "17/questions/questions_orales_sans_debat/Questions_orales_sans_debat.json.zip": None,
    "15/questions/questions_ecrites/Questions_ecrites_XV.json.zip": None,
    "14/questions/questions_ecrites/Questions_ecrites_XIV.json.zip": None,
}

RUN = {"console", "sh", "python", "sparql"}
"""The languages of blocks that need no comment: they are run as they are."""


def kind(block: Block) -> str:
    """Return what is done with a block; fail if nobody knows."""
    if block.mark:
        assert block.mark == "output" or block.value, f"line {block.line}: {block.mark} of what, or why?"
        return block.mark
    assert block.language in RUN, (
        f"line {block.line}: nobody can tell whether this block of {block.language!r} is true"
    )
    return block.language


def counts(page: Path) -> Counter[str]:
    """Return how many blocks of each kind a page has; of `console` blocks, how many commands."""
    found: Counter[str] = Counter()
    for block in blocks(page.read_text(encoding="utf-8")):
        found[kind(block)] += len(commands(block.text)) if kind(block) == "console" else 1
    return found


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the documents use of the checkout, with a release of the samples in `out`."""
    folder = tmp_path_factory.mktemp("documents") / "checkout"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("deploy", "queries", "samples"):
        shutil.copytree(ROOT / name, folder / name)
    environment = folder / ".venv"
    environment.mkdir()
    for inside in Path(sys.prefix).iterdir():
        if not inside.name.startswith(".installed"):
            (environment / inside.name).symlink_to(inside)
    for name in (".installed", ".installed-dev"):
        (environment / name).touch()
    for path, sample in ARCHIVES.items():
        if sample:
            _zip(folder / path.rpartition("/")[2], sample)
    with shell(folder) as opened:
        opened.run("lod build samples/pages samples/json --register samples/register --out out")
    return folder


def _zip(archive: Path, sample: str) -> None:
    below = ROOT / "samples" / sample.partition("/")[0]
    pattern = sample.partition("/")[2] or "**/*"
    with zipfile.ZipFile(archive, "w") as opened:
        for file in sorted(below.glob(pattern)):
            opened.write(file, file.relative_to(below))


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of all that for one page."""
    return Path(shutil.copytree(prepared, tmp_path / "checkout", symlinks=True))


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_what_a_document_says_is_so(page: Path, folder: Path, regen: bool) -> None:
    text = page.read_text(encoding="utf-8")
    if page.name == "README.md":
        shutil.rmtree(folder / "out")  # it begins with nothing
    with shell(folder) as opened:
        found = Page(opened, regen)
        anew = found.run(text)
    if anew != text:
        page.write_text(anew, encoding="utf-8")
        pytest.skip(f"wrote {relative(page)}: look at it, then run again without --regen")


class Page:
    """A page run block by block in one shell."""

    def __init__(self, opened: Shell, regen: bool) -> None:
        self._shell = opened
        self._regen = regen
        self._printed = ""
        self._excerpts: list[Block] = []

    def run(self, text: str) -> str:
        """Run the blocks of a page; return the page, with what is printed now if it is to be written anew."""
        anew = {}
        for block in blocks(text):
            try:
                anew[block.start] = self._run(block)
            except Ended as error:
                pytest.fail(
                    f"line {block.line}: a command failed or hangs, having printed\n{error}\n{block.text}"
                )
        for block in self._excerpts:
            self._compare(block)
        for block in reversed(blocks(text)):
            text = text[: block.start] + anew[block.start] + text[block.start + len(block.text) :]
        return text

    def _run(self, block: Block) -> str:
        match kind(block):
            case "console":
                return self._console(block)
            case "sh":
                self._printed = self._shell.run(block.text)
            case "python" | "sparql" as language:
                self._printed = self._snippet(block, language)
            case "file":
                place = self._shell.folder / block.value
                place.write_text(self._shell.with_ports(block.text), encoding="utf-8")
            case "excerpt":
                self._excerpts.append(block)
            case "output":
                return self._output(block)
        return block.text

    def _output(self, block: Block) -> str:
        if agrees(block.text, self._printed):
            return block.text
        assert self._regen, f"line {block.line}:\n{difference(block.text, self._printed)}"
        return self._printed

    def _console(self, block: Block) -> str:
        found = commands(block.text)
        for number, command in enumerate(found):
            printed = self._shell.run(command.text)
            if agrees(command.output, printed):
                continue
            assert self._regen, f"line {block.line}: $ {command.text}\n{difference(command.output, printed)}"
            lines = "\n".join(line.rstrip() for line in printed.splitlines())
            found[number] = type(command)(text=command.text, output=lines)
        return written(found)

    def _snippet(self, block: Block, language: str) -> str:
        place = self._shell.folder / ("snippet.py" if language == "python" else "snippet.rq")
        place.write_text(block.text, encoding="utf-8")
        if language == "python":
            return self._shell.run("python snippet.py")
        answer = self._shell.run("lod query snippet.rq")
        assert "no results" not in answer, f"line {block.line}: the samples have no answer"
        return answer

    def _compare(self, block: Block) -> None:
        whole = (self._shell.folder / block.value).read_text(encoding="utf-8")
        matches = is_json_excerpt if block.language == "json" else is_excerpt
        assert matches(block.text, whole), f"line {block.line}: not in {block.value}\n{block.text}"


def difference(printed: str, found: str) -> str:
    """Return what a document prints and what was found, line by line."""
    return "\n".join(difflib.ndiff(printed.splitlines(), [line.rstrip() for line in found.splitlines()]))


def test_every_block_is_run_or_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    total: Counter[str] = Counter()
    lines = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert len(re.findall(r"^\s*(?:```|~~~)", text, re.MULTILINE)) == 2 * len(blocks(text)), relative(
            page
        )
        found = counts(page)
        total += found
        lines.append(f"{relative(page)}: {_figures(found)}")
    lines += [f"not run: {page}: {why}" for page, why in not_run()]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join([*lines, f"all documents: {_figures(total)}"]) + "\n")
    expected = {(page, why): number for page, reasons in NOT_RUN.items() for why, number in reasons.items()}
    assert Counter(not_run()) == Counter(expected)


def _figures(found: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(found.items())) or "nothing to run"


def not_run() -> list[tuple[str, str]]:
    """Return the page and the reason of each block that is not run."""
    found = ((relative(page), block) for page in PAGES for block in blocks(page.read_text(encoding="utf-8")))
    return [(page, block.value) for page, block in found if block.mark == "not run"]


def test_the_addresses_of_downloads_are_the_official_ones() -> None:
    whole = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    downloaded = set(re.findall(r"curl -O (\S+)", whole))
    assert downloaded == {OFFICIAL + path for path, sample in ARCHIVES.items() if sample}
    assert {
        path.removeprefix(OFFICIAL)
        for path in re.findall(r"(?:[^\s`]*/)?[0-9]{2}/(?:amo|questions)/[^\s`]+\.zip", whole)
    } == ARCHIVES.keys()


def unrun() -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of this program in sentences and in blocks that are not run, each with its page."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        for span in re.findall(r"`lod ([a-z][^`]*)`", prose):
            yield relative(page), span.split()
        for block in blocks(text):
            if block.mark == "not run":
                joined = block.text.replace("\\\n", " ")
                for line in re.findall(r"^(?:\S*/)?lod (.*)$", joined, re.MULTILINE):
                    yield relative(page), line.split()


def test_commands_that_are_not_run_are_commands() -> None:
    group = typer.main.get_command(app)
    known = {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }
    found = list(unrun())
    assert len(found) > 20
    for page, (name, *words) in found:
        assert name in known, f"{page}: lod {name}"
        options = {word.partition("=")[0] for word in words if re.match("--?[a-z]", word)}
        assert options <= known[name] | {"--help"}, f"{page}: lod {name} {words}"


def test_the_readme_names_every_folder() -> None:
    named = set(re.findall(r"^\| `(\w+)/` \|", PAGES[0].read_text(encoding="utf-8"), re.MULTILINE))
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert named - {"out"} == there - {"out", "dist", "site", "build"}
