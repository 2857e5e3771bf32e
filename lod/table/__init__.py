"""Questions as rows of a table, for readers who need no graph: CSV and its CSVW metadata, Parquet, XLSX."""

from lod.table.columns import COLUMNS as COLUMNS
from lod.table.metadata import metadata as metadata
from lod.table.rows import LONGEST_CELL as LONGEST_CELL
from lod.table.rows import header as header
from lod.table.rows import line as line
from lod.table.rows import row as row

CSV = "questions.csv"
METADATA = "questions.csv-metadata.json"
"""The name under which CSVW processors look for it."""
PARQUET = "questions.parquet"
XLSX = "questions.xlsx"
