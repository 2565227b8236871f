"""The demo's cases: the processes' own scenarios, played up to a point and ending today.

Everything goes through the real actions on a virtual clock, so the record, the clocks and the lights
are what they would be had the work been done. Names and identity numbers are made up.
"""

from engine.demo.seeding import seed_demo

__all__ = ["seed_demo"]
