"""The index of a release in SQLite: its documents by path, its questions by facet and full text."""
