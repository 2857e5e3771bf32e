"""The index of a release: its documents by path, its questions by facet and word, in SQLite."""
