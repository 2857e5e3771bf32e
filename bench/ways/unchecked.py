"""`lod build` without an engine that checks: no user can have this.

python -m bench.ways.unchecked CORPUS REGISTER OUT
"""

import sys

from lod import shacl
from lod.cli import main as cli


def main() -> None:
    """Build; fail if an engine was loaded after all."""
    corpus, register, out = sys.argv[1:4]
    shacl.Shapes.check = lambda *_, **__: []  # type: ignore[method-assign]
    sys.argv[1:] = ["build", corpus, "--register", register, "--out", out, "--jobs", "1", "--quiet"]
    try:
        cli.main()
    finally:
        if engines := {"shacl", "pyshacl"} & sys.modules.keys():
            print(f"{sorted(engines)} must not have been loaded", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
