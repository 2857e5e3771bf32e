"""Nodes as text: N-Triples, N-Quads, Turtle and JSON-LD, each a walk over the compiled context."""
