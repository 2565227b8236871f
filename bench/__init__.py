"""Benchmarks: a running server, the floor beside it, the expression language. They never pass or fail."""
