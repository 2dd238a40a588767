"""The built-in chat model: deterministic, offline, honest about what it cannot do, ready to hand over to a person.

Enters: messages and the tools bound. Leaves: tool calls, or an answer written from their results.
``understanding`` finds what a message means by likeness to exemplars, ``dialogue`` what it means after what was said,
``support`` and ``marketing`` what to do about it, ``wording`` how to say it. It acts only through the tools bound to
it, as any model does, and says nothing that does not stand in their results or in the messages.
May import ``kit`` and, for what words mean, ``memory``; LangChain's part is in ``model`` and ``conversation``.
"""
