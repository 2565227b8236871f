"""Public notices (公示): what hangs in a township today, for everybody, and the way to object."""
