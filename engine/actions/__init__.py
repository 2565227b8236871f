"""The use cases, one a file. `step.py` is the road that every one that moves a case takes; read it first."""
