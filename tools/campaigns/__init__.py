"""Campaigns: whom to write to now, what about, why, when, and what it is worth.

Enters: the memory's wishes and events and the shop's stock, read from SQL at the moment of asking; nothing is cached.
Leaves: opportunities with audience, exclusions, evidence, timing and value; customers found by meaning; a customer's
page. May import ``tools.shop``, ``memory`` and ``kit``.
"""
