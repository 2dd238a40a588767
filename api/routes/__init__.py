"""The HTTP routes, one module a subject. Each takes the request apart, asks the parts below, and shapes the answer."""
