"""What a check costs with each engine, side by side: CPU a question in milliseconds, by size of the batch.

python bench/corpus.py 1000 --out corpus.zip && python bench/engines.py corpus.zip
"""

import argparse
import itertools
import time
from collections.abc import Iterator
from pathlib import Path

from lod import Description, Question, describe_question, read_file, to_ntriples
from lod.definitions import DEFAULT_BASE
from lod.shacl import Engine, Shapes

SIZES = (1, 25, 50, 100, 200)
ENOUGH = {Engine.SHACL: 1000, Engine.PYSHACL: 50}
"""How many questions each engine checks, or one batch if that is more."""


def batches(described: list[Description], size: int, enough: int) -> Iterator[tuple[bytes, int]]:
    """Give the N-Triples of batches, and how many questions are in them."""
    for start in range(0, max(size, min(enough, len(described))), size):
        batch = described[start : start + size]
        lines = {line for one in batch for line in to_ntriples(one).splitlines(keepends=True)}
        yield "".join(sorted(lines)).encode(), len(batch)


def cost(shapes: Shapes, checked: list[tuple[bytes, int]]) -> float:
    """Check batches; give milliseconds of CPU a question."""
    before = time.process_time()
    for ntriples, questions in checked:
        shapes.check(ntriples, questions)
    return (time.process_time() - before) * 1000 / sum(questions for _, questions in checked)


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus", type=Path)
    read = (found for found in read_file(parser.parse_args().corpus) if isinstance(found, Question))
    described = [describe_question(question) for question in itertools.islice(read, ENOUGH[Engine.SHACL])]
    for size in SIZES:
        costs = {}
        for engine in Engine:
            shapes, checked = Shapes(DEFAULT_BASE, engine), list(batches(described, size, ENOUGH[engine]))
            shapes.check(*checked[0])  # what is made once is not counted
            costs[engine] = cost(shapes, checked)
        figures = "  ".join(f"{engine} {figure:8.3f}" for engine, figure in costs.items())
        print(f"{size:4} a batch: {figures}  ratio {costs[Engine.PYSHACL] / costs[Engine.SHACL]:.0f}")


if __name__ == "__main__":
    main()
