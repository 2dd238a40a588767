"""Extraction by an LLM, after the turn: reads customers' own words again, and adds to what the rules found.

Enters: a chat model and a customer's turn. Leaves: facts, wishes and closings, each quoting the turn.
Instructions inside a message change nothing: whatever it says, only facts about its writer can come out.
"""
