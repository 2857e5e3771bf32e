"""The SPARQL endpoint: requests read, queries answered by workers, answers in the format wanted, pages.

request ── asked ──▶ Wanted ── formats ──▶ format ── workers ──▶ file ── sending · pages ──▶ response
"""
