"""The marketing agent: a marketer's question to an answer whose every figure stands in a tool result.

load → think ⇄ act → check → reply. It reads; nothing is sent from here.
"""
