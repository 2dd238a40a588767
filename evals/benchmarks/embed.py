"""The default embedder beside sentence-transformers."""
