"""The administrators' pages: people, regions, calendars, parameters, incidents, tokens, the audit log."""
