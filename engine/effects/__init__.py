"""Outside effects: what takes a promise from the outbox and keeps it. The only code that leaves the house.

A handler is a function from `Effect` to a result; it is registered for a job type. What has no handler
goes to the record: kept as delivered, with the promise itself as the proof.
"""

from engine.effects.registry import RECORD, BusinessError, Done, Effect, Effects, Handler

__all__ = ["RECORD", "BusinessError", "Done", "Effect", "Effects", "Handler"]
