"""Cases: the list of those one may see, and everything about one of them on one page."""
