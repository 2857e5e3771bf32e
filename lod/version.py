"""The version of this program, which the data name as their maker."""

VERSION = "0.1.0"
