"""Checks that look at the repository itself: known holes in what we depend on, secrets in what we keep."""
