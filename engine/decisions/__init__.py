"""DMN decisions: load a file, evaluate its decisions, check it. Expressions are FEEL (`engine.feel`)."""

from engine.decisions.checking import check
from engine.decisions.graph import DecisionModel, load
from engine.decisions.session import Hit, Outcome

__all__ = ["DecisionModel", "Hit", "Outcome", "check", "load"]
