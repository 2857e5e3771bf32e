"""A release on the web: documents, pages, files, search and SPARQL behind one ASGI application."""
