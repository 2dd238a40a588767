"""Answers in words, from tool results. Nothing is said that does not stand in them or in the messages.

Enters: parts of tool results. Leaves: sentences; two to five make an answer.
"""
