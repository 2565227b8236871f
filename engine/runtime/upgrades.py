"""Brings saved states of earlier versions up to date: one function for each version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.errors import EngineFault

#: The version that `state` writes. A change of the saved form adds one and a function below.
VERSION = 1

#: From version → the function that makes it the next one.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


def upgrade(saved: dict[str, Any]) -> dict[str, Any]:
    """The saved state in today's form; raises `EngineFault` for one that is newer or unknown."""
    version = saved["v"]
    while version != VERSION:
        step = UPGRADES.get(version)
        if step is None:
            raise EngineFault(
                en=f"The saved state has version {version}, which this release cannot read.",
                zh=f"保存的运行状态为第 {version} 版，本版本无法读取。",
            )
        saved = step(saved)
        version = saved["v"]
    return saved
