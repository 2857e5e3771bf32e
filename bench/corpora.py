"""Where the invented questions are kept: made once for a size, and used again while they are the same."""

import json
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

    def _is_of(self, path: Path, size: int) -> bool:
        """Say whether a file has so many questions, of which the last is as it would be made now."""
        if not path.is_file():
            return False
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            last = {"question": self._corpus.question(size)}
            return len(names) == size and archive.read(names[-1]) == json.dumps(last).encode()
