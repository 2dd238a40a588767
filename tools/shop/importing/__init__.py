"""Imports: whole files checked first, then written in batches that can be repeated without changing anything.

Enters: a native JSONL file's lines, or a τ²-bench retail database. Leaves: the shop's tables; memory's customers,
turns, events and purchases; texts staged for the index, and an ``ImportReport``.
A file's reader makes records (``records``) of it; ``checking`` holds them against each other and the shop;
``writing`` writes what is new or changed, and the ledger (``entries``) remembers it.
"""

from tools.shop.importing.native import import_native, read_lines
from tools.shop.importing.report import ImportRejected, ImportReport, Parts, Progress, Rejected
from tools.shop.importing.tau2_retail import import_tau2_retail

__all__ = [
    "ImportRejected",
    "ImportReport",
    "Parts",
    "Progress",
    "Rejected",
    "import_native",
    "import_tau2_retail",
    "read_lines",
]
