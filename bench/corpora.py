"""Where the invented questions are kept: made once for a size, and used again while they are the same."""

import argparse
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from bench.corpus import Corpus, write_zip

REGISTER = "register.zip"


class Corpora:
    """A folder of corpora, with the register that they need."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._corpus = folder, Corpus()
        self.register = folder / REGISTER
        write_zip(self.register, self._corpus.register())

    def of(self, size: int) -> Path:
        """Give a corpus of so many questions."""
        path = self._folder / f"{size}.zip"
        if not self._is_of(path, size):
            questions = map(self._corpus.question, range(1, size + 1))
            fresh = path.with_suffix(".part")
            write_zip(fresh, ((question["uid"], {"question": question}) for question in questions))
            fresh.replace(path)
        return path

    def release(self, size: int, out: Path) -> Path:
        """Build a release of so many questions into a folder."""
        documents = (f"{self.of(size)}", "--register", f"{self.register}")
        subprocess.run(lod("build", *documents, "--out", f"{out}", "--quiet"), check=True)
        return out / "current"

    def _is_of(self, path: Path, size: int) -> bool:
        """Say whether a file has so many questions, of which the last is as it would be made now."""
        if not path.is_file():
            return False
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            last = {"question": self._corpus.question(size)}
            return len(names) == size and archive.read(names[-1]) == json.dumps(last).encode()


def lod(*words: str) -> list[str]:
    """Give a command line of this program."""
    return [sys.executable, "-m", "lod", *words]


def arguments(name: str, about: str, **more: tuple[int, str]) -> argparse.Namespace:
    """Read the options of a program such as `bench.queries`: of its own, what is usual and what it means."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=about.partition("\n")[0])
    add = parser.add_argument
    add("--size", type=int, default=16_000, help="number of questions")
    for option, (usual, means) in more.items():
        add(f"--{option}", type=int, default=usual, help=means)
    add("--corpora", type=Path, help="a folder that keeps the invented questions for the next run")
    add("--out", type=Path, default=Path(f"bench/{name.upper()}.md"), help="the page to write")
    return parser.parse_args()
