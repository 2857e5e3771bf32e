"""The pages of questions, of every generation: HTML or text, read as questions and remarks."""
