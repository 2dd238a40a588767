"""Search by meaning: texts in, nearest texts out, with SQL as the truth and Chroma as an index over it.

Enters: texts with a collection, an id, an owner and a time, inside the caller's unit of work.
Leaves: hits with scores; an owner's items with their term counts and vectors, for exact scoring.
Imports kit only; sentence-transformers and Chroma load when first used.
"""
