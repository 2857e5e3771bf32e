"""The official exports: JSON or XML of one question or of many, read as questions and remarks."""
