"""A release laid out for readers: its documents by path, its questions by facets and words, its pages."""
