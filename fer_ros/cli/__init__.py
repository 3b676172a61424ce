"""The command line: each module adds one command."""
