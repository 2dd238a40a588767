"""A customer's rights over their memory: consent with history, export, erasure down to the bytes, retention.

Enters: a customer's id, and the data directory's tombstones. Leaves: one JSON file of everything, receipts that say
what was erased and when its bytes were gone, counts of what grew too old.
Which rows are a customer's is read off the tables (``kit.personal``), so no table can be forgotten.
May import ``kit`` and the memory's tables.
"""
