"""The place of the pages: templates, islands and their routes, on the same actions as the API."""
