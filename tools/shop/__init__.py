"""The shop itself: catalog, stock, customers' addresses and payment methods, orders with shipments and payments.

Enters: imports, and tools' questions. Leaves: orders and products as they truly stand.
Orders and the catalog belong here; memory keeps its own projection of purchases, written in the same unit of work.
"""
