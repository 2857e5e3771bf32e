"""Write nodes as N-Triples, N-Quads, Turtle and JSON-LD, each from a walk over the compiled context."""
