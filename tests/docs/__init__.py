"""The documents, run: each command and snippet of README.md and docs/*.md, against what is printed there."""
