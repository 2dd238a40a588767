"""The support agent: one shopper's message to one checked, committed reply.

accept → load → think ⇄ act → check → commit. The graph's state holds the current turn and ids;
history comes from memory, nodes can be run again, and the checkpoints of a finished turn are removed.
"""
