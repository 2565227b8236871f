"""The dated numbers that counties are measured by: the defaults, and what a deployment says instead."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from engine.actions.program import load_program
from engine.clocks import SHANGHAI
from engine.errors import NotFoundError
from engine.parameters import Parameters, load_parameters
from engine.store import definitions
from engine.store.db import Tx

PROCESS = "aid-delivery"
"""The process whose parameter files may set these keys, as they set those of its cases."""
_DEFAULTS = load_parameters(
    files("engine.actions").joinpath("means.yaml").read_bytes(), file="engine/actions/means.yaml"
)


def measures_on(tx: Tx, at: datetime) -> Parameters:
    """What is in force on the local day of `at`."""
    found = _DEFAULTS
    try:
        deployed = definitions.get_version(tx, PROCESS, None)
    except NotFoundError:
        pass
    else:
        found = found.merge(load_program(tx, PROCESS, deployed.hash).definition.parameters, replace=True)
    return found.at(at.astimezone(SHANGHAI).date())
