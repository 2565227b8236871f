"""Loads every built-in function of the standard; importing this module fills `registry.BUILTINS`."""

from __future__ import annotations

from engine.feel import (
    functions_context,
    functions_conversion,
    functions_list,
    functions_number,
    functions_range,
    functions_string,
    functions_temporal,
)

__all__ = [
    "functions_context",
    "functions_conversion",
    "functions_list",
    "functions_number",
    "functions_range",
    "functions_string",
    "functions_temporal",
]
