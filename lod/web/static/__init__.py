"""A release as a site of static files, for any web server."""
