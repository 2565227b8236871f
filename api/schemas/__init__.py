"""Shapes of requests and answers. Requests are validated with them; answers are documented by them."""
