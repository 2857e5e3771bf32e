"""The command line: a module for each group of commands, and one for what they print."""
