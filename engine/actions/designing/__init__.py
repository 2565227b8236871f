"""What designers do before they deploy: working drafts, checks, comparisons, parameters as a table.

Owns drafts and everything that is said about files that are not deployed. Runs no case.
"""
