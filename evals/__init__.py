"""Suites on conversations: does an agent call the right tools, reach the right end, say the right things?

Enters: a suite's file and a live agent on a fresh shop. Leaves: a report per case, and an exit code.
May import ``agents``, ``tools``, ``memory``, ``prompts`` and ``kit``.
"""
