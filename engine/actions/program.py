"""What a case runs by: its definition read and parsed once, and the law in force on its acceptance day.

Programs are kept by content hash for as long as the database is open, so that a step parses nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engine import feel
from engine.actions.duties import Duty, read_duties
from engine.clocks import SHANGHAI, Calendar, product_functions
from engine.definitions import Definition, cached_definition
from engine.errors import NotFoundError
from engine.forms import privacy
from engine.forms.households import APPLICANT as HOUSEHOLD_APPLICANT
from engine.forms.households import household_names
from engine.forms.model import Path
from engine.forms.persons import name_places
from engine.parameters import Parameters
from engine.runtime import ElementEvent, NodeInfo, ProcessSet, parse_processes
from engine.store import definitions as stored
from engine.store.db import Tx, database_of
from engine.store.timers import EMERGENCY, ORDINARY

_KEPT = "programs"
_MOST_KEPT = 200
_lock = threading.Lock()


@dataclass(eq=False)
class Program:
    """One definition with everything parsed from it."""

    definition: Definition
    processes: ProcessSet

    @cached_property
    def nodes(self) -> Mapping[str, NodeInfo]:
        """Every flow node of the process and of those it calls, by element id."""
        found: dict[str, NodeInfo] = {}
        for key in self.processes.keys:
            found.update(self.processes.nodes(key))
        return found

    @cached_property
    def clock_limits(self) -> Mapping[str, str]:
        """The case clocks in the order the designer wrote them: name → FEEL for the limit."""
        prefix = "clock:"
        return {
            name.removeprefix(prefix): text
            for name, text in self.definition.properties.items()
            if name.startswith(prefix) and not name.endswith(":promised")
        }

    @cached_property
    def started_by_element(self) -> frozenset[str]:
        """The case clocks that wait for an element before they start."""
        return frozenset(
            node.properties["startClock"] for node in self.nodes.values() if "startClock" in node.properties
        )

    @cached_property
    def duties(self) -> Mapping[str, Duty]:
        """What user tasks ask of whoever does them, besides a role."""
        return read_duties(self.nodes)

    @cached_property
    def guarded(self) -> privacy.Names:
        """The variables that hold people's numbers, by the kinds of the form fields that ask for them."""
        forms = self.definition.forms.values()
        start_form = self.definition.start_form
        return privacy.guarded_names([*forms, start_form] if start_form else forms)

    @cached_property
    def applicant_number(self) -> str | None:
        """The variable that holds the applicant's identity number: marked so, else the start form's first."""
        marked = (name for name, role in self.household.items() if role == HOUSEHOLD_APPLICANT)
        start_form = self.definition.start_form
        fields = start_form.fields if start_form else ()
        return next(iter([*marked, *(f.path[-1] for f in fields if f.kind == "idNumber")]), None)

    @cached_property
    def posted_while(self) -> frozenset[str]:
        """The elements with which a posting comes down."""
        return frozenset(found.while_ for found in self.definition.notices.values() if found.while_)

    @cached_property
    def household(self) -> Mapping[str, str]:
        """The variables that hold identity numbers of the household, each with the person's role."""
        forms = self.definition.forms.values()
        start_form = self.definition.start_form
        return household_names([*forms, start_form] if start_form else forms)

    @cached_property
    def named(self) -> frozenset[Path]:
        """Where answers hold names of the applicant and the household."""
        return name_places(self.definition.forms.values(), self.definition.start_form)

    @cached_property
    def priority(self) -> int:
        """Emergencies are served before everything else (process property `emergency`)."""
        return EMERGENCY if self.definition.properties.get("emergency") == "true" else ORDINARY

    def parameters_for(self, counts_from: datetime) -> Parameters:
        """The parameters in force on the local day of `counts_from`."""
        return self.definition.parameters.at(counts_from.astimezone(SHANGHAI).date())


class CaseHost:
    """What the runtime asks of us while a case runs: an environment at the case's time, and decisions.

    Until the case is accepted it watches the elements passed: with the first that starts a clock the
    law of that day takes over, for all that is evaluated behind it.
    """

    def __init__(self, program: Program, number: str | None = None) -> None:
        self.program = program
        self.number = number
        self.decisions: list[dict[str, Any]] = []
        self.trace: list[ElementEvent] = []  # the instance's own list
        self._env = feel.DEFAULT
        self._law: tuple[Calendar, datetime | None, datetime] | None = None
        self._functions: Mapping[str, feel.Function] = {}
        self._at: datetime | None = None
        self._watched = 0

    @property
    def env(self) -> feel.Environment:
        """The functions of the law that counts, and the case's present time."""
        if self._at is not None and self._watched < len(self.trace):
            self._watch(self._at)
        return self._env

    def move_to(
        self, at: datetime, calendar: Calendar, accepted_at: datetime | None, opened_at: datetime
    ) -> None:
        """Set the case's time and law for what comes next."""
        law = (calendar, accepted_at, opened_at)
        if law != self._law:
            parameters = self.program.parameters_for(accepted_at or opened_at)
            self._law = law
            self._functions = product_functions(parameters, calendar, accepted_at, self.number)
        self._env = feel.Environment(functions=self._functions, now=feel.to_feel(at.astimezone(SHANGHAI)))
        self._at = at if accepted_at is None and self.program.started_by_element else None
        self._watched = len(self.trace)

    def _watch(self, at: datetime) -> None:
        new, self._watched = self.trace[self._watched :], len(self.trace)
        entered = (self.program.nodes.get(event.element_id) for event in new if event.what == "entered")
        if self._law and any(node is not None and "startClock" in node.properties for node in entered):
            calendar, _, opened_at = self._law
            self.move_to(at, calendar, at, opened_at)

    def decide(self, decision_id: str, scope: Mapping[str, Any], element_id: str) -> Any:
        """The value of a decision; the rules that were hit are remembered for the history."""
        model = self.program.definition.decisions.get(decision_id)
        if model is None:
            raise NotFoundError(f'There is no decision "{decision_id}".', f"没有决策“{decision_id}”。")
        outcome = model.evaluate(decision_id, scope, self.env, strict=True)
        for hit in outcome.hits:
            self.decisions.append(
                {
                    "element": element_id,
                    "decision": hit.decision_id,
                    "rule": hit.rule_id or hit.rule_index,
                    "annotations": dict(hit.annotations),
                    "inputs": feel.from_feel(dict(hit.inputs)),
                }
            )
        return outcome.value


def build_program(definition: Definition) -> Program:
    """Parse what a definition needs to run."""
    processes, _findings = parse_processes(definition.files)
    return Program(definition, processes)


def load_program(tx: Tx, key: str, hash_: str) -> Program:
    """The program of a process at a hash, from memory or the database."""
    with _lock:
        kept: OrderedDict[tuple[str, str], Program] = database_of(tx).kept.setdefault(_KEPT, OrderedDict())
        program = kept.get((key, hash_))
        if program is not None:
            kept.move_to_end((key, hash_))
            return program
    program = build_program(cached_definition(key, stored.load_files(tx, hash_)))
    with _lock:
        kept[key, hash_] = program
        while len(kept) > _MOST_KEPT:
            kept.popitem(last=False)
    return program
