"""HTTP (RFC 9110) for the server and the SPARQL endpoint: content negotiation, validators, headers."""
