"""What is wrong with scenario files, as findings, beside what the definitions' checks find."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.definitions.scenario_files import is_scenario
from engine.errors import DeploymentError
from engine.scenarios.reading import read_scenario
from engine.types import Finding


def check_scenarios(files: Mapping[str, bytes]) -> list[Finding]:
    """A finding for each scenario file that can't be read; the same file is read once only."""
    return [f for name, data in sorted(files.items()) if is_scenario(name, data) for f in _check(name, data)]


@lru_cache(maxsize=1_000)
def _check(name: str, data: bytes) -> tuple[Finding, ...]:
    try:
        read_scenario(data, file=name)
    except DeploymentError as error:
        return (Finding(severity="error", code="scenario", zh=error.zh, en=error.en, file=name),)
    return ()
