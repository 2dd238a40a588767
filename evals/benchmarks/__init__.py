"""Benchmarks: how quick and how good a part is, beside the alternatives, measured within one run.

Enters: settings and a benchmark's sizes. Leaves: figures as a mapping of plain numbers, for JSON or for people.
What is compared runs in the same process or, where a start is measured, in fresh ones, one after the other.
May import ``agents``, ``tools``, ``memory``, ``prompts`` and ``kit``.
"""
