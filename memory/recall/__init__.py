"""Recall: which of one customer's turns, facts, wishes, words and events bear on the moment. No LLM.

Enters: a query, the time, and the customer's items in columns (``kit.vectors``). Leaves: ``Recalled`` items, best
first, each with the contributions that its score is the sum of. What was tried and what is shipped: ``docs/recall.md``.
May import ``kit`` and the memory's tables.
"""
