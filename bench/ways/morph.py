"""Morph-KGC with a tuned mapping: rows to Parquet, then `bench/questions.rml.ttl` over them, to N-Triples.

    PYTHON -m bench.ways.morph CORPUS REGISTER OUT    where PYTHON is that of an environment with Morph-KGC

It makes the comparable subset (`bench.same`), in one process: so do the others.
"""

import os
import runpy
import sys
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from bench.ways.flat import TABLES, questions

MAPPING = Path(__file__).parent.parent / "questions.rml.ttl"
BATCH = 1000
CONFIGURATION = f"""
[CONFIGURATION]
output_file = questions.nt
number_of_processes = 1
logging_level = WARNING
na_values =

[DataSource]
mappings = {MAPPING.absolute()}
"""
"""No value is looked for that might mean that there is none: the tables have no such values."""


def main() -> None:
    """Flatten, and let the engine run in this process, in the folder of the tables."""
    corpus, out = Path(sys.argv[1]).absolute(), Path(sys.argv[3])
    out.mkdir()
    os.chdir(out)
    flatten(corpus)
    Path("morph.ini").write_text(CONFIGURATION, encoding="utf-8")
    sys.argv[1:] = ["morph.ini"]
    runpy.run_module("morph_kgc", run_name="__main__")


def flatten(corpus: Path) -> None:
    """Write the rows, a table a file, by columns, a thousand questions at a time."""
    rows = questions(corpus)
    writers = {table: _writer(table, columns) for table, columns in TABLES.items()}
    while batch := list(islice(rows, BATCH)):
        for table, writer in writers.items():
            found = [row for one in batch for row in one[table]]
            writer.write_table(pa.Table.from_pylist(found, writer.schema))
    for writer in writers.values():
        writer.close()


def _writer(table: str, columns: tuple[str, ...]) -> parquet.ParquetWriter:
    schema = pa.schema([(name, pa.string()) for name in ("number", *columns)])
    return parquet.ParquetWriter(f"{table}.parquet", schema, compression="none")


if __name__ == "__main__":
    main()
