"""HTTP as both the server and the SPARQL endpoint speak it: negotiation, validators, headers."""
