"""A release as files for any web server."""
