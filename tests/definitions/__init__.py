"""Tests of what designers deploy."""
