"""The engine: cases, clocks, escalation and process safety. Knows nothing of HTTP.

Read in this order: `actions/step.py` (the one road), `runtime/instance.py` (one running
workflow), `clocks/` (budget and ledger), `feel/` (the expression language).
"""
