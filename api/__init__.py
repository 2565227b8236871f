"""The HTTP edge: parse, call an action, shape, status. Decides nothing about cases.

Read `endpoint.py` (what every route goes through), then `routes/`.
"""

from api.app import create_app

__all__ = ["create_app"]
