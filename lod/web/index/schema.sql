-- The index of a release: its documents as they are sent, and what lists, filters and full-text search need.
-- Changing this file changes the name of every index, so that older ones are rebuilt.

CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

-- One row for each document; each format is compressed with gzip.
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  label TEXT, label_en TEXT,
  jsonld BLOB NOT NULL, ttl BLOB NOT NULL, nt BLOB NOT NULL
);

-- Further paths that a document answers for, such as that of an answer within its question.
CREATE TABLE aliases (path TEXT PRIMARY KEY, document INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX aliases_of_document ON aliases (document);

-- Questions as lists show them; the id is that of the document.
CREATE TABLE questions (
  id INTEGER PRIMARY KEY, type TEXT NOT NULL, legislature INTEGER NOT NULL, number INTEGER NOT NULL,
  title TEXT NOT NULL, published TEXT NOT NULL, answered TEXT, response_days INTEGER, ministry TEXT
);
CREATE TABLE resources (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT);
CREATE TABLE question_facets (
  facet TEXT NOT NULL, resource INTEGER NOT NULL, question INTEGER NOT NULL,
  PRIMARY KEY (resource, facet, question)
) WITHOUT ROWID;
-- The last day for an answer, whether the question waits for one, and the ministry now in charge.
CREATE TABLE question_lives (
  question INTEGER PRIMARY KEY, due TEXT, is_waiting INTEGER NOT NULL, ministry INTEGER
);
CREATE VIRTUAL TABLE question_texts USING fts5 (title, question, answer, tokenize = 'french');

-- Used during the build only: the memberships in which authors ask, and the group or constituency of each.
CREATE TEMP TABLE author_memberships (membership INTEGER NOT NULL, question INTEGER NOT NULL);
CREATE TEMP TABLE membership_facets (membership INTEGER NOT NULL, facet TEXT NOT NULL, resource INTEGER NOT NULL);
