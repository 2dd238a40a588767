"""What agents can do: the shop, its knowledge, the service desk, campaigns. Policy lives here, as code.

Enters: a ``ToolContext`` (who is asking, when, with what) and arguments that a model chose.
Leaves: plain results that a model can read and a check can hold a reply against.
May import ``memory``, ``prompts`` and ``kit``.
"""
