"""Supervision: lights, what comes, emergencies, load, where time goes, trends, staff and money."""
