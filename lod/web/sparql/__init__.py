"""The SPARQL endpoint: requests, format negotiation, worker processes, answers, and pages for people.

HTTP ─ request ─▶ SparqlRequest ─ formats ─▶ format ─ workers ─▶ file ─ file_response · pages ─▶ response
"""
