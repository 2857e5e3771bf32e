"""The commands, their options, their defaults and their exit codes are those that were promised."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import lod as package
from lod.cli.main import app
from tests.conftest import ROOT, SAMPLES
from tests.support.command import lod
from tests.support.loops import some

BASE = "https://w3id.org/anq/"
OPTIONS: dict[str, dict[str, Any]] = {
    "patch": {"--out": None, "--quiet -q": False},
    "diff": {"--config": None, "--format": "table", "--rows": 100},
    "build": {
        "--out": Path("out"),
        "--register": None,
        "--corrections": None,
        "--base": BASE,
        "--encoding": None,
        "--publisher": "Projet lod",
        "--documents": False,
        "--strict": False,
        "--jobs -j": None,
        "--scheduler": None,
        "--shards": None,
        "--allow-shrink": False,
        "--compress": "none",
        "--split": False,
        "--parquet": False,
        "--xlsx": False,
        "--links": None,
        "--formats": "ttl,jsonld,nt,nq,csv",
        "--no-fast": False,
        "--without": None,
        "--engine": "shacl",
        "--quiet -q": False,
        "--json": False,
    },
    "harvest": {
        "--legislature -l": None,
        "--kind -k": None,
        "--question": None,
        "--pages": None,
        "--rate": 1.0,
        "--sources": None,
        "--contact": None,
        "--timeout": 1800.0,
        "--allow-shrink": False,
        "--quiet -q": False,
        "--json": False,
    },
    "update": {
        "--config": None,
        "--allow-shrink": False,
        "--resume": False,
        "--keep": None,
        "--quiet -q": False,
        "--json": False,
    },
    "releases": {"--config": None, "--out": None, "--json": False},
    "rollback": {"--config": None, "--out": None, "--quiet -q": False},
    "explain": {
        "--register": None,
        "--corrections": None,
        "--base": BASE,
        "--engine": "shacl",
        "--encoding": None,
    },
    "corrections": {},
    "check": {"--base": None, "--engine": "shacl", "--trust": False, "--json": False},
    "verify": {"--history": False, "--quiet -q": False, "--json": False},
    "query": {
        "--on": Path("out/current"),
        "--param -p": None,
        "--format -f": None,
        "--chart": None,
        "--rows": 100,
        "--list": False,
        "--show": False,
        "--base": None,
        "--timeout": 60.0,
        "--memory": 4096,
        "--allow-service": False,
        "--trust": False,
    },
    "load": {
        "--into": None,
        "--kind": None,
        "--timeout": 600.0,
        "--trust": False,
        "--quiet -q": False,
        "--json": False,
    },
    "serve": {
        "--host": "127.0.0.1",
        "--port": 8000,
        "--address": None,
        "--work": None,
        "--sparql --no-sparql": True,
        "--query-processes": None,
        "--query-memory": 2048,
        "--config": None,
        "--trust": False,
        "--quiet -q": False,
    },
    "site": {
        "--out": None,
        "--address": None,
        "--gzip": False,
        "--nginx": False,
        "--work": None,
        "--jobs -j": None,
        "--trust": False,
        "--quiet -q": False,
    },
}
"""For each command its options, with the value of each that is not given."""

CODES = {
    "Misused": 2,
    "Refused": 4,
    "CheckFailed": 5,
    "NotReadOrWritten": 6,
    "Busy": 9,
}
"""The exit codes of the manual, by the exception of the library."""

MANUAL_CODES = {0, 2, 3, 4, 5, 6, 7, 8, 9, 130, 141, 143}


def parameters(command: str) -> dict[str, Any]:
    group = typer.main.get_command(app)
    found = group.get_command(typer.Context(group), command)  # type: ignore[attr-defined]
    return {
        " ".join([*each.opts, *each.secondary_opts]): each.default
        for each in found.params
        if each.param_type_name == "option" and each.opts != ["--help"]
    }


def plain(value: Any) -> Any:
    """Return a default as it can be compared: a path or a choice as its text."""
    return str(value) if type(value) not in (bool, int, float, type(None)) else value


def test_there_are_the_promised_commands_and_no_others() -> None:
    group = typer.main.get_command(app)
    assert set(group.list_commands(typer.Context(group))) == set(OPTIONS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", OPTIONS)
def test_a_command_has_the_promised_options_with_their_defaults(command: str) -> None:
    told = {name: plain(default) for name, default in parameters(command).items()}
    assert told == {name: plain(default) for name, default in OPTIONS[command].items()}


@pytest.mark.parametrize("command", OPTIONS)
def test_every_option_of_every_command_is_documented(command: str) -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    written = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert f"lod {command}" in written
    for name in OPTIONS[command]:
        option = name.split()[-1] if "--no-" in name else name.split()[0]
        assert re.search(rf"`(--\w+, )?{option}[ `]|[ `]{option}[ `]", written), option


@pytest.mark.parametrize("name", CODES)
def test_an_exception_has_its_promised_exit_code(name: str) -> None:
    assert getattr(package, name).exit_code == CODES[name]


def test_the_manual_lists_the_promised_exit_codes() -> None:
    text = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    table = text.partition("## Exit codes")[2].partition("\n## ")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == MANUAL_CODES


@pytest.mark.slow
def test_a_run_ends_with_the_promised_code(tmp_path: Path) -> None:
    pages, out = SAMPLES / "pages", tmp_path / "out"
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    runs: list[tuple[int, tuple[str | Path, ...]]] = [
        (0, ("build", pages, "--out", out, "--quiet")),
        (0, ("verify", out / "current")),
        (0, ("check", out / "current")),
        (2, ("build", pages, "--out", out, "--no-such-option")),
        (2, ("build",)),
        (3, ("build", pages, tmp_path / "file", "--out", out, "--quiet")),
        (3, ("explain", tmp_path / "file")),
        (4, ("build", tmp_path / "empty", "--out", tmp_path / "none")),
        (5, ("verify", tmp_path / "empty")),
        (5, ("check", tmp_path / "file")),
        (8, ("query", "questions-by-group", "--on", "http://127.0.0.1:1/sparql", "--base", BASE)),
    ]
    told = [(lod(*words, cwd=tmp_path), words) for _, words in runs]
    assert [(run.returncode, words[0]) for run, words in told] == [(code, words[0]) for code, words in runs]
    assert not [run.stderr for run, _ in told if "Traceback" in run.stderr]


def test_the_version_is_that_of_the_library() -> None:
    assert lod("--version").stdout == f"lod {package.__version__}\n"


@pytest.mark.parametrize("name", sorted(OPTIONS.keys() - {"corrections"}))
def test_the_help_of_a_command_has_examples_of_it(name: str) -> None:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    heading, *examples = command.epilog.split("\n\n")
    assert heading == "Examples:"
    for example in some(examples):
        program, called, *words = shlex.split(example)
        assert (program, called) == ("lod", name)
        command.make_parser(typer.Context(command)).parse_args(words)  # raises NoSuchOption and the like


def test_a_shell_completes_commands_options_and_saved_queries() -> None:
    def completed(words: str) -> set[str]:
        asked = {"_LOD_COMPLETE": "complete_bash", "COMP_WORDS": words}
        asked["COMP_CWORD"] = str(len(words.split()) - 1)
        program = Path(sys.executable).with_name("lod")
        ran = subprocess.run([program], env=os.environ | asked, capture_output=True, text=True, check=False)
        return set(ran.stdout.split())

    assert {"rollback", "releases"} <= completed("lod r")
    assert "--register" in completed("lod build --reg")
    assert "overdue-by-ministry" in completed("lod query overdue")
