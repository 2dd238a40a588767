"""The benchmarks' commands, one file each, named like its benchmark: the options, and what is printed.

Each file has a ``command``. What is measured, and how, stands in ``evals.benchmarks``, imported inside the command.
"""
