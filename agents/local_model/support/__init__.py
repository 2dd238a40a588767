"""What the support agent does about each matter: tool calls, then an answer from their results.

Enters: a matter understood, in its conversation. Leaves: a plan. What no tool can do goes to a person.
"""
