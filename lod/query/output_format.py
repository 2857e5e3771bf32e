"""The ways in which an answer is written: what the command line offers before anything is asked."""

import enum


class OutputFormat(enum.StrEnum):
    """How an answer is written."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    TURTLE = "turtle"
