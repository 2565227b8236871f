"""Benchmarks: a running server over HTTP, the floor beside it, the expression language. Never pass or fail."""
