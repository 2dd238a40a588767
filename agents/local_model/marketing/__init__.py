"""What the marketing agent does about each matter: tool calls, then an answer from their results.

Enters: a matter understood, in its conversation. Leaves: a plan. It suggests; nothing is sent from here.
"""
