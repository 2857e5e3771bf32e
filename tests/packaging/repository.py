"""The files of the repository, as git lists them."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

in_a_clone = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this is no clone of the repository")


def git(*words: str) -> list[str]:
    """Return the lines that git prints in the root of the repository."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def texts() -> dict[str, str]:
    """Return the text of every file of the repository, by its path, but for this folder of tests."""
    paths = [path for path in git("ls-files", "-co", "--exclude-standard") if (ROOT / path).is_file()]
    assert len(paths) > 300
    own = str(Path(__file__).parent.relative_to(ROOT))
    return {
        path: (ROOT / path).read_bytes().decode(errors="replace")
        for path in paths
        if not path.startswith(own)
    }
