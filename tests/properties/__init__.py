"""Properties over random set-ups that span the folders."""
