"""One file a noun. A route is five lines: parse, actor, action, shape, status."""
