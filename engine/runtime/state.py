"""The saved form of a case: live tokens and scopes, no definition, nothing finished.

Two lines, compressed where that pays: the frame as JSON, and all FEEL values in FEEL's own exact
text. Loading an unchanged case and dumping it again gives the same bytes.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from engine import feel
from engine.errors import EngineFault, InputError
from engine.runtime.case import Case
from engine.runtime.scopes import Scope, weigh_all
from engine.runtime.spiff import TaskState
from engine.runtime.tokens import SubLevel, Token
from engine.runtime.upgrades import VERSION, upgrade
from engine.runtime.values import Host

_PACKED = b"\x01"
#: Below this size compression costs more than it saves.
_SMALL = 1500

#: What a token remembers that is plain JSON; everything else it remembers is FEEL.
_PLAIN = ("via", "watch", "listener", "interrupts", "left", "number", "total", "completed", "type")


def dump(case: Case) -> bytes:
    """The case as bytes."""
    writer = _Writer()
    levels = [writer.level(level) for level in [case, *case.subprocesses.values()]]
    data = {
        "v": VERSION,
        "p": case.process_key,
        "n": case.counter if case.begun else -1,
        "s": case.status,
        "l": levels,
    }
    frame = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    raw = f"{frame}\n{feel.dumps({'s': writer.variables, 't': writer.private})}".encode()
    return raw if len(raw) < _SMALL else _PACKED + zlib.compress(raw, 1)


class _Writer:
    """Numbers the scopes in the order met, and collects their variables."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.variables: list[dict[str, Any]] = []
        self.private: dict[str, dict[str, Any]] = {}

    def scope(self, scope: Scope | None) -> int | None:
        if scope is None:
            return None
        if id(scope) not in self.numbers:
            self.numbers[id(scope)] = len(self.variables)
            self.variables.append(scope.vars)
        return self.numbers[id(scope)]

    def level(self, level: Any) -> list[Any]:
        parent = level.parent_token
        head = [parent.id if parent else "", level.spec.name, self.scope(level.scope), level.outcome]
        return [*head, [self.token(t) for t in level.tasks.values() if t is not level.task_tree]]

    def token(self, token: Token) -> list[Any]:
        memory = token.internal_data
        plain = {name: memory[name] for name in _PLAIN if name in memory}
        values = {name: value for name, value in memory.items() if name not in _PLAIN}
        if values:
            self.private[token.id] = values
        parent = token._parent or ""
        row = [token.id, token.task_spec.name[1:], token._state, parent, self.scope(token.own_scope)]
        return [*row, int(token.held), plain] if plain or token.held else row


def load(processes: Any, key: str, data: bytes, host: Host) -> Case:
    """The case from bytes; raises `EngineFault` for bytes that are no case of this process."""
    try:
        raw = zlib.decompress(data[1:]) if data[:1] == _PACKED else data
        frame, _, values = raw.decode().partition("\n")
        return _restore(processes, key, upgrade(json.loads(frame)), feel.loads(values), host)
    except (InputError, ValueError, LookupError, TypeError, AttributeError, zlib.error) as problem:
        raise EngineFault(
            en=f"The saved state of the case cannot be read ({type(problem).__name__}: {problem}).",
            zh=f"案件保存的运行状态无法读取（{type(problem).__name__}：{problem}）。",
        ) from problem


def _restore(processes: Any, key: str, saved: dict[str, Any], values: dict[str, Any], host: Host) -> Case:
    if saved["p"] != key:
        raise ValueError(f"it is a case of {saved['p']!r}")
    case = Case(processes, key, host)
    case.begun = saved["n"] >= 0
    case.counter, case.status = max(saved["n"], 0), saved["s"]
    case.completed = case.status != "active"
    scopes = [Scope(None, variables, case.budget) for variables in values["s"]]
    case.budget.weight = sum(map(weigh_all, values["s"]))
    tokens: dict[str, Token] = {}
    for parent, spec, scope, outcome, rows in saved["l"]:
        level: Any = case
        if parent:
            level = SubLevel(processes.spec(spec), tokens[parent], case, scopes[scope])
            case.subprocesses[parent] = level
        else:
            case.scope = scopes[scope]
        level.outcome = outcome
        for row in rows:
            tokens[row[0]] = _token(level, row, scopes, values["t"].get(row[0]))
    # Oldest first, so that messages reach whom they would have reached before the case was saved.
    for token in sorted(tokens.values(), key=lambda token: int(token.id, 36)):
        _wire(case, token)
    return case


def _token(level: Any, row: list[Any], scopes: list[Scope], values: dict[str, Any] | None) -> Token:
    key, name, state, parent, scope = row[:5]
    spec = level.spec.task_specs["#" + name]
    token = Token(level, spec, level.tasks[parent], state, key)
    if scope is not None:
        token.own_scope = scopes[scope]
    if len(row) > 5:
        token.held = bool(row[5])
        token.internal_data.update(row[6])
    if values:
        token.internal_data.update(values)
    return token


def _wire(case: Case, token: Token) -> None:
    """Connect a loaded token to its scopes' parents, the event register and the queue."""
    if token.own_scope is not None:
        token.own_scope.parent = token.enclosing
    if token.state == TaskState.WAITING and hasattr(token.task_spec, "catches"):
        case.event_manager.add_task(token)
    if token.state in (TaskState.FUTURE, TaskState.READY):
        case.queue.append(token)
