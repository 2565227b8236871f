"""Reads a scenario file into plain frozen values. Refuses what it does not know, naming file and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, get_args
from zoneinfo import ZoneInfo

from engine.definitions import load_yaml
from engine.errors import DeploymentError, FieldError
from engine.types import CaseStatus, Light

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEMO_TOWNSHIP = "350481100"

_ACTION_KEYS: Mapping[str, frozenset[str]] = {
    "complete": frozenset({"task", "by", "at", "answers"}),
    "claim": frozenset({"task", "by", "at"}),
    "release": frozenset({"task", "by", "at"}),
    "assign": frozenset({"task", "by", "at", "to"}),
    "delegate": frozenset({"task", "by", "at", "to"}),
    "message": frozenset({"name", "by", "at", "payload"}),
    "withdraw": frozenset({"by", "at", "reason"}),
    "pause": frozenset({"clock", "by", "at", "ground", "article"}),
    "resume": frozenset({"clock", "by", "at", "article"}),
    "extend": frozenset({"clock", "by", "at", "to", "ground", "approver", "article"}),
    "leave": frozenset({"who", "substitute", "from", "to", "process", "region", "by", "at"}),
    "start": frozenset({"at", "by", "region", "answers", "version", "business_key"}),
}
_OF_A_CASE = frozenset({*_ACTION_KEYS} - {"start", "leave"})
"""Actions that may name the process of the case they are about (`case`); else it is the scenario's own."""

_EXPECT_KEYS = frozenset(
    {
        "open", "done", "not_open", "due", "lights", "escalations", "variables",
        "notices", "outcome", "status", "incidents", "case",
    }
)  # fmt: skip
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "complete": ("task",), "claim": ("task",), "release": ("task",), "assign": ("task", "to"),
    "delegate": ("task", "to"), "message": ("name",), "pause": ("clock",), "resume": ("clock",),
    "extend": ("clock", "to"), "leave": ("who", "substitute", "from", "to"),
}  # fmt: skip
_WORDS: Mapping[str, frozenset[str]] = {
    "status": frozenset(get_args(CaseStatus)),
    "lights": frozenset(get_args(Light)),
}
_LISTS = ("open", "done", "not_open", "escalations", "notices", "incidents")
_MAPS = ("due", "lights", "variables")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens: `kind` is an action, `advance_to`, `refused` or `expect`."""

    kind: str
    number: int
    what: Mapping[str, Any]
    refused: Step | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story: how the case starts and what happens then."""

    title: str
    process: str
    source: str
    file: str
    start: Mapping[str, Any]
    steps: tuple[Step, ...] = field(default=())
    after: str = ""
    """The file of the scenario that is played first, in the same store: what it leaves is there."""


def read_scenario(data: bytes, *, file: str) -> Scenario:
    """The scenario in a file; `DeploymentError` names the key that is unknown, missing or malformed."""
    raw = _plain(load_yaml(data, file=file))
    if not isinstance(raw, dict):
        raise _refused(file, "", "一个场景是一个映射", "a scenario is a mapping")
    _only(raw, {"scenario", "process", "source", "start", "steps", "title", "description", "after"}, file, "")
    for key in ("scenario", "process", "start"):
        if key not in raw:
            raise _refused(file, f"/{key}", "缺少此项", "this key is missing")
    start = _mapping(raw["start"], file, "/start")
    _check_action("start", start, file, "/start")
    steps = raw.get("steps") or []
    if not isinstance(steps, list):
        raise _refused(file, "/steps", "应为列表", "must be a list")
    return Scenario(
        title=str(raw["scenario"]),
        process=str(raw["process"]),
        source=str(raw.get("source", "")),
        file=file,
        start=start,
        steps=tuple(_step(step, number, file) for number, step in enumerate(steps, 1)),
        after=str(raw.get("after") or ""),
    )


def read_earlier(scenario: Scenario, files: Mapping[str, bytes]) -> Scenario | None:
    """The scenario that is played before this one, if any. DeploymentError where it isn't among the files."""
    if not scenario.after:
        return None
    for name, data in files.items():
        if name == scenario.after or name.endswith(f"/{scenario.after}"):
            earlier = read_scenario(data, file=name)
            if earlier.after:
                zh, en = "所接续的场景自己不能接续别的场景", "a scenario that is followed follows none itself"
                raise _refused(scenario.file, "/after", zh, en)
            return earlier
    zh, en = f"没有场景文件“{scenario.after}”", f"there is no scenario file {scenario.after!r}"
    raise _refused(scenario.file, "/after", zh, en)


def read_scenarios(files: Mapping[str, bytes]) -> list[Scenario]:
    """The scenarios among files; `DeploymentError` names the first fault."""
    return [read_scenario(data, file=name) for name, data in files.items() if is_scenario(name, data)]


def is_scenario(name: str, data: bytes) -> bool:
    """Whether a file holds a scenario (and not parameters, a diagram or a form)."""
    if not name.lower().endswith((".yaml", ".yml")):
        return False
    raw = load_yaml(data, file=name)
    return isinstance(raw, dict) and "scenario" in raw


def _step(raw: Any, number: int, file: str) -> Step:
    pointer = f"/steps/{number - 1}"
    step = _mapping(raw, file, pointer)
    if len(step) != 1:
        raise _refused(file, pointer, "每一步只有一个动作", "a step has exactly one key")
    kind, what = next(iter(step.items()))
    pointer = f"{pointer}/{kind}"
    if kind == "advance_to":
        return Step(kind=kind, number=number, what={"at": instant(what, file, pointer)})
    what = _mapping(what, file, pointer)
    if kind == "expect":
        return Step(kind=kind, number=number, what=_expectation(what, file, pointer))
    if kind == "refused":
        inner = {key: value for key, value in what.items() if key != "code"}
        attempt = _step(inner, number, file)
        if attempt.kind not in _ACTION_KEYS:
            raise _refused(file, pointer, "只有动作可以被拒绝", "only an action can be refused")
        code = what.get("code")
        return Step(
            kind=kind, number=number, what={}, refused=attempt, code=None if code is None else str(code)
        )
    if kind not in _ACTION_KEYS:
        known = ", ".join([*_ACTION_KEYS, "advance_to", "refused", "expect"])
        raise _refused(file, pointer, f"未知的步骤；已知：{known}", f"unknown step; known are {known}")
    _check_action(kind, what, file, pointer)
    return Step(kind=kind, number=number, what=what)


def _check_action(kind: str, what: dict[str, Any], file: str, pointer: str) -> None:
    """The keys of an action: known, the needed ones there, and of the right shape."""
    _only(what, _ACTION_KEYS[kind] | ({"case"} if kind in _OF_A_CASE else set()), file, pointer)
    for key in _NEEDED.get(kind, ()):
        if what.get(key) in (None, ""):
            raise _refused(file, f"{pointer}/{key}", "缺少此项", "this key is missing")
    for key in ("answers", "payload"):
        if what.get(key) is not None:
            _mapping(what[key], file, f"{pointer}/{key}")
    for key in ("at", "from", *(["to"] if kind == "leave" else [])):
        if key in what:
            instant(what[key], file, f"{pointer}/{key}")


def _expectation(what: dict[str, Any], file: str, pointer: str) -> dict[str, Any]:
    _only(what, _EXPECT_KEYS, file, pointer)
    for key in _LISTS:
        if key in what and not isinstance(what[key], list):
            raise _refused(file, f"{pointer}/{key}", "应为列表", "must be a list")
    for key in _MAPS:
        if key in what and not isinstance(what[key], dict):
            raise _refused(file, f"{pointer}/{key}", "应为映射", "must be a mapping")
    for name, value in what.get("due", {}).items():
        instant(value, file, f"{pointer}/due/{name}")
    for name, light in what.get("lights", {}).items():
        _one_of("lights", light, file, f"{pointer}/lights/{name}")
    if "status" in what:
        _one_of("status", what["status"], file, f"{pointer}/status")
    return what


def _one_of(key: str, value: Any, file: str, pointer: str) -> None:
    if value not in _WORDS[key]:
        words = ", ".join(sorted(_WORDS[key]))
        raise _refused(file, pointer, f"“{value}”应为以下之一：{words}", f"{value!r} must be one of {words}")


def instant(value: Any, file: str = "", pointer: str = "") -> datetime:
    """An aware datetime from ISO text; without an offset Shanghai time, a bare date its first moment."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise _refused(file, pointer, f"“{value}”不是时刻", f"{value!r} is not an instant") from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _plain(value: Any) -> Any:
    """YAML's dates as ISO text and its floats as exact decimals, as a JSON client would send them."""
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case datetime() | date() | time():
            return value.isoformat()
        case float():
            return Decimal(repr(value))
        case _:
            return value


def _mapping(value: Any, file: str, pointer: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refused(file, pointer, "应为映射", "must be a mapping")
    return value


def _only(raw: Mapping[str, Any], known: set[str] | frozenset[str], file: str, pointer: str) -> None:
    for key in raw:
        if key not in known:
            names = ", ".join(sorted(known))
            raise _refused(
                file, f"{pointer}/{key}", f"未知的键；已知：{names}", f"unknown key; known are {names}"
            )


def _refused(file: str, pointer: str, zh: str, en: str) -> DeploymentError:
    where = f"{file}{pointer}"
    return DeploymentError(
        f"{where}: {en}.", f"{where}：{zh}。", errors=[FieldError(pointer=pointer or "/", zh=zh, en=en)]
    )
