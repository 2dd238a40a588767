"""The demo shop "Fell & Harbour": a year of one clothing shop's life, generated from a seed.

What enters: the moment the demo starts, a seed, a number of customers, and the hand-written tables in `data/`.
What leaves: lines of the native import format (`docs/native-format.md`), in an order in which they can be imported,
and the shop's knowledge base, the Markdown files in `policies/`.
It imports nothing but the standard library, so it can be run before anything else works.
"""

from tools.demo_shop.arrivals import new_arrivals
from tools.demo_shop.generation import generate
from tools.demo_shop.tables import POLICIES

__all__ = ["POLICIES", "generate", "new_arrivals"]
