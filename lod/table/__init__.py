"""A question as a row of a table: for those who count and draw, and need no graph for it."""

from lod.table.metadata import metadata as metadata
from lod.table.rows import header as header
from lod.table.rows import row as row

CSV = "questions.csv"
METADATA = "questions.csv-metadata.json"
"""Where programs that know CSV on the Web look for it."""
PARQUET = "questions.parquet"
