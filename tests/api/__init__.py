"""The HTTP contract as a stranger would drive it."""
