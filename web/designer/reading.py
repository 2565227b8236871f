"""A version's files as a page shows them to read: forms drawn, parameters, scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from engine.actions.designing.compare_parameters import value_text
from engine.actions.designing.parameter_table import ParameterRow, parameter_rows
from engine.clocks import Calendar, product_functions
from engine.definitions.reading import product_names
from engine.errors import EngineError
from engine.feel import Environment
from engine.forms import Drawn, Form
from engine.forms import load as load_form
from engine.parameters import DEFAULTS, load_parameters
from engine.scenarios.reading import Scenario, read_scenarios


class View(Enum):
    """What of a version is looked at, with its name in both languages."""

    bpmn = ("流程图", "Diagram")
    dmn = ("决策表", "Decision tables")
    forms = ("表单", "Forms")
    parameters = ("参数", "Parameters")
    scenarios = ("场景", "Scenarios")

    @classmethod
    def named(cls, name: str) -> View:
        """The view of that name, else the picture."""
        return cls.__members__.get(name, cls.bpmn)


class Tab(NamedTuple):
    """One view and how many things there are in it."""

    view: View
    files: int


class FormsShown(NamedTuple):
    """The forms of a version, and the chosen one drawn."""

    names: list[tuple[str, str]]
    chosen: str
    title: str
    components: tuple[Drawn, ...]


class ValueShown(NamedTuple):
    """A value as people say it, from its day on."""

    since: str
    text: str
    source: str
    placeholder: bool


class ParameterShown(NamedTuple):
    """A parameter with its values, newest first."""

    row: ParameterRow
    values: list[ValueShown]


def tabs_of(files: Mapping[str, bytes]) -> list[Tab]:
    """How many files there are of each kind; parameters and scenarios always have their tab."""
    endings = {View.bpmn: ".bpmn", View.dmn: ".dmn", View.forms: ".form"}
    found = [Tab(view, sum(name.endswith(end) for name in files)) for view, end in endings.items()]
    return [*found, Tab(View.parameters, 0), Tab(View.scenarios, 0)]


def forms_of(files: Mapping[str, bytes], lang: str, wanted: str) -> FormsShown:
    """All forms by title, and one of them as it would be filled in."""
    forms = {
        name: load_form(data, file=name, names=product_names())
        for name, data in sorted(files.items())
        if name.endswith(".form")
    }
    chosen = wanted if wanted in forms else next(iter(forms), "")
    titles = [(name, form.title(lang)) for name, form in forms.items()]
    if not chosen:
        return FormsShown(titles, "", "", ())
    return FormsShown(titles, chosen, forms[chosen].title(lang), draw(forms[chosen], lang))


def draw(form: Form, lang: str) -> tuple[Drawn, ...]:
    """A form without answers, on the defaults' law."""
    functions = product_functions(DEFAULTS.at(date(2026, 1, 1)), Calendar(), None)
    try:
        return form.draw(lang, {}, {}, Environment(functions=functions))
    except EngineError:
        return ()


def parameters_of(files: Mapping[str, bytes], lang: str, *, everything: bool) -> list[ParameterShown]:
    """The parameters that the process names, or every one, as people say them."""
    rows = [row for row in parameter_rows(files) if row.used or everything]
    sets = {name: load_parameters(files[name], file=name) for name in {row.file for row in rows}}
    return [
        ParameterShown(
            row,
            [
                ValueShown(v.since.isoformat(), value_text(v.value, row.unit, lang), v.source, v.placeholder)
                for v in reversed(sets[row.file][row.key].values)
            ],
        )
        for row in rows
    ]


def scenarios_of(files: Mapping[str, bytes]) -> list[Scenario]:
    """The scenarios of a process."""
    return read_scenarios(files)


def preview(text: bytes, lang: str) -> dict[str, Any]:
    """What the preview of a form shows; raises DeploymentError for what is no form."""
    form = load_form(text, file="", names=product_names())
    return {"title": form.title(lang), "components": draw(form, lang)}
