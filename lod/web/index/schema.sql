-- The index of a release: its documents as they are sent, and what is listed and sought of its questions.

CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

-- A document as it is sent: each format compressed with gzip. `others` has the paths that a document answers for.
CREATE TABLE documents (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  label TEXT, label_en TEXT,
  jsonld BLOB NOT NULL, ttl BLOB NOT NULL, nt BLOB NOT NULL
);
CREATE TABLE others (path TEXT PRIMARY KEY, document INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX others_of_document ON others (document);

-- A question by the facets that it has, its common answer among them; `id` is that of its document.
CREATE TABLE questions (
  id INTEGER PRIMARY KEY, type TEXT NOT NULL, legislature INTEGER NOT NULL, number INTEGER NOT NULL,
  title TEXT NOT NULL, published TEXT NOT NULL, answered TEXT, days INTEGER, ministry TEXT
);
CREATE TABLE resources (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, label TEXT);
CREATE TABLE links (
  facet TEXT NOT NULL, resource INTEGER NOT NULL, question INTEGER NOT NULL,
  PRIMARY KEY (resource, facet, question)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5 (title, question, answer, tokenize = 'french');

-- While it is being made: by what mandates and memberships authors ask, and what those are of.
CREATE TEMP TABLE capacities (membership INTEGER NOT NULL, question INTEGER NOT NULL);
CREATE TEMP TABLE memberships (membership INTEGER NOT NULL, facet TEXT NOT NULL, resource INTEGER NOT NULL);
