"""Processes: what is deployed, editing it in drafts, what a draft changes, playing scenarios."""
