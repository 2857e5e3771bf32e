"""The official exports: JSON or XML of one question or of many comes in, questions and remarks go out."""
