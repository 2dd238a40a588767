"""What Rapport knows of each customer: timeline, facts with provenance, wishes, recall, context.

Enters: customers' own words and events, with their times. Leaves: profiles, recalled items and contexts,
each line traceable to the turn or event that says so.
``Memory`` is the door; ``Memory.of(session, customer_id)`` gives the ``CustomerMemory`` bound to one customer,
which has no method that takes a customer id. May import ``kit`` only.
"""
