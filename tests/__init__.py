"""Tests, mirroring the source: real SQLite, Chroma, embedder and local model; fakes only for what lives elsewhere."""
