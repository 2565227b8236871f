"""Tests mirror the code; `test_house.py` keeps the house rules."""
