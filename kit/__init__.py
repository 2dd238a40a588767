"""What every floor above stands on: settings, clock, ids, errors, database, vectors, tokens, words.

Enters: the environment, a data directory, texts. Leaves: frozen settings, sessions, vectors, counts.
May import nothing of Rapport. Heavy libraries load when first used.
"""
