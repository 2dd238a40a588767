"""What people touch: HTTP, web pages, command line, background work.

Enters: requests, commands and the runtime that ``agents`` wires. Leaves: answers, streams, pages, exit codes.
Errors are rendered here and nowhere below: ``errors.py`` for HTTP, ``cli/`` for the terminal.
May import everything; every other package is below. The command line imports its heavy parts when they are needed.
"""
