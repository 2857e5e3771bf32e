"""The pages of questions, of every generation: HTML or text comes in, questions and remarks go out."""
