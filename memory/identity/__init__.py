"""Who is who: identities lead to customers, and two customers that turn out to be one are merged, until undone.

Enters: identities as people and systems write them (``normal``), and what arrives together (``entering``, by the rules
of ``rules``). Leaves: one customer's id. ``merging`` joins two customers and takes them apart again; ``ownership`` says
which rows move and remembers them; ``settling`` derives anew what a merge changes. May import memory's tables and kit.
"""
