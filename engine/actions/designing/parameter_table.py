"""The parameters of a draft as a table, and the edit that touches nothing but what was edited.

A file is changed by replacing the text of single values at the places that the YAML reader gives, so
comments, order, quoting and line ends of everything else stay as they are, byte for byte. The outcome is
read again and must say exactly what was asked, else nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.actions.designing.yaml_splice import Splices
from engine.definitions.scenario_files import top_keys
from engine.errors import EngineFault, InputError
from engine.parameters import Parameter, load_parameters, load_yaml
from engine.parameters.model import Value

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """One parameter and its file; `values` as there: from, value, source, placeholder."""

    file: str
    key: str
    zh: str
    en: str
    unit: str
    values: tuple[Row, ...]
    used: bool  # whether the files of the process name it


def parameter_rows(files: Mapping[str, bytes]) -> list[ParameterRow]:
    """Every parameter of a folder. Raises DeploymentError where a parameter file can't be read."""
    spoken = b"\n".join(d for name, d in files.items() if not name.lower().endswith((".yaml", ".yml")))
    rows = []
    for name in parameter_files(files):
        rows += [
            ParameterRow(
                file=name, key=key, zh=found.zh, en=found.en, unit=found.unit, values=tuple(_rows(found)),
                used=f'"{key}"'.encode() in spoken or f"&#34;{key}&#34;".encode() in spoken
                or f"&quot;{key}&quot;".encode() in spoken or f'\\"{key}\\"'.encode() in spoken,
            )
            for key, found in _in_file_order(files[name], name)
        ]  # fmt: skip
    return rows


def parameter_files(files: Mapping[str, bytes]) -> list[str]:
    """The parameter files among files."""
    return [name for name, data in sorted(files.items()) if "parameters" in top_keys(name, data)]


def edit_parameter(
    data: bytes, *, file: str, key: str, title: Mapping[str, str], unit: str, values: Sequence[Row]
) -> bytes:
    """The file with this parameter set so; a key that is new is added at the end.

    Raises DeploymentError for what no parameter may be, InputError for a file that can't be edited in place.
    """
    wanted = {"key": key, "title": {"zh": title.get("zh", ""), "en": title.get("en", "")}, "unit": unit,
              "values": [_value_row(row) for row in values]}  # fmt: skip
    splices = Splices(data, file)
    node = splices.find("parameters", key)
    if node is None:
        splices.append("parameters", wanted)
    else:
        splices.make(node, wanted)
    return _verified(splices, data, file, key, wanted)


def remove_parameter(data: bytes, *, file: str, key: str) -> bytes:
    """The file without this parameter."""
    splices = Splices(data, file)
    node = splices.find("parameters", key)
    if node is None:
        raise InputError(f"{file} has no parameter {key!r}.", f"{file} 中没有参数“{key}”。")
    splices.remove("parameters", node)
    return _verified(splices, data, file, key, None)


def _verified(splices: Splices, data: bytes, file: str, key: str, wanted: dict[str, Any] | None) -> bytes:
    """The outcome, if it says what was asked and nothing else besides."""
    outcome = splices.apply()
    load_parameters(outcome, file=file)
    rows = [row for row in load_yaml(data, file=file)["parameters"] if row.get("key") != key]
    found = load_yaml(outcome, file=file)["parameters"]
    if [row for row in found if row.get("key") != key] != rows:
        raise EngineFault(f"The edit of {key} in {file} would have changed other parameters.",
                          f"修改 {file} 中的“{key}”时会影响其他参数，未执行。")  # fmt: skip
    own = [row for row in found if row.get("key") == key]
    if [_comparable(row) for row in own] != ([_comparable(wanted)] if wanted else []):
        raise EngineFault(f"The edit of {key} in {file} did not come out as asked.",
                          f"修改 {file} 中的“{key}”未得到预期结果，未执行。")  # fmt: skip
    return outcome


def _comparable(row: Mapping[str, Any]) -> Any:
    values = [(v["from"], v["value"], v["source"], bool(v.get("placeholder", False))) for v in row["values"]]
    return row["key"], row["title"], row["unit"], values


def _value_row(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {
        "from": _day(row.get("from")),
        "value": row.get("value"),
        "source": row.get("source", ""),
    }
    return {**found, "placeholder": True} if row.get("placeholder") else found


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InputError(
            f"{text!r} is no date; write 2026-09-22.", f"“{text}”不是日期，应如 2026-09-22。"
        ) from None


def _in_file_order(data: bytes, name: str) -> list[tuple[str, Parameter]]:
    found = load_parameters(data, file=name)
    order = [row["key"] for row in load_yaml(data, file=name)["parameters"]]
    return [(key, found[key]) for key in order]


def _rows(parameter: Parameter) -> list[dict[str, Any]]:
    return [
        {
            "from": v.since.isoformat(),
            "value": _shown(v.value),
            "source": v.source,
            "placeholder": v.placeholder,
        }
        for v in parameter.values
    ]


def _shown(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_shown(item) for item in value]
    return value if isinstance(value, bool | str) else f"{value:f}"
