"""The web server: the documents, pages, files, search and SPARQL endpoint of a release, as an ASGI app."""
