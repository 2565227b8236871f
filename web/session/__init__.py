"""Sign in and out, the language, and the first page after signing in."""
