"""From a customer's own words to facts and wishes.

Enters: one message and its time. Leaves: what it says of its writer, each with the words that say it.
``port`` has the contract; ``deterministic`` the extractor that runs inside every turn.
"""
