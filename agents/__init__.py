"""The two agents as LangGraph state machines, their chat models, and the composition root.

Enters: a shopper's message or a marketer's question. Leaves: a stream of events that ends after the commit.
``runtime`` is the one place where parts are wired. May import ``tools``, ``memory``, ``prompts`` and ``kit``.
"""
