"""Grades by the tables of the process `early-warning`, under the law of the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import feel
from engine.actions.program import Program, load_program
from engine.clocks import SHANGHAI, Calendar, product_functions
from engine.parameters import Parameters
from engine.store import definitions
from engine.store.db import Tx

PROCESS = "early-warning"
NONE = "none"
_ORDER = (NONE, "yellow", "orange", "red")


@dataclass(frozen=True, slots=True)
class Grader:
    """The tables in force, ready to be asked many times."""

    program: Program
    law: Parameters
    env: feel.Environment

    def of_signal(self, said: Mapping[str, Any], standing: str) -> str:
        """The grade of one signal; `said` is what it says, as `Signal.content` gives it."""
        names = ("indicator", "amount_fen", "income_fen", "level", "happened_on")
        scope = {name: feel.to_feel(said[name]) for name in names}
        scope["happened_on"] = feel.compile("date(text)").evaluate({"text": said["happened_on"]})
        return self._decide("signal_grade", {**scope, "standing": standing})

    def of_person(self, signals: Sequence[Mapping[str, Any]], grade: str | None) -> str:
        """The grade of several signals together, never below what there was before."""
        rows = feel.to_feel([{"indicator": one["indicator"], "grade": one["grade"]} for one in signals])
        return self._decide("warning_grade", {"signals": rows, "grade": grade})

    def _decide(self, name: str, scope: Mapping[str, Any]) -> str:
        found = self.program.definition.decisions[name].evaluate(name, scope, self.env, strict=True)
        return str(found.value)


def load_grader(tx: Tx, at: datetime) -> Grader:
    """The tables of the deployed process. NotFoundError while there is none."""
    deployed = definitions.get_version(tx, PROCESS, None)
    program = load_program(tx, PROCESS, deployed.hash)
    law = program.parameters_for(at)
    functions = product_functions(law, Calendar(), None)
    now = feel.to_feel(at.astimezone(SHANGHAI))
    return Grader(program, law, feel.Environment(functions=functions, now=now))


def is_higher(grade: str, than: str) -> bool:
    """Whether a grade stands above another."""
    return _ORDER.index(grade) > _ORDER.index(than)
