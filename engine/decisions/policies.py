"""The hit policies of DMN 1.5, 8.2.8: what several matching rules mean together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine import feel
from engine.decisions import model as m
from engine.decisions.session import Session

Ranking = list[tuple[str, list[feel.Value]]]


@dataclass(frozen=True, slots=True)
class Match:
    rule: m.Rule
    value: feel.Value


@dataclass(frozen=True, slots=True)
class Plan:
    """What a hit policy goes by. `title` is what people call the table, `place` its id."""

    policy: m.HitPolicy
    aggregation: m.Aggregation
    ranking: Ranking
    place: str
    title: str


Resolve = Callable[[list[Match], Plan, Session], tuple[list[Match], feel.Value]]
"""Gives the matches that made the result, and the result. There is at least one match."""


def same(left: feel.Value, right: feel.Value) -> bool:
    """Equality that never takes true for 1."""
    return type(left) is type(right) and bool(left == right)


def _conflict(matches: list[Match], plan: Plan, session: Session) -> None:
    rules = [match.rule.index for match in matches]
    zh = "、".join(str(rule) for rule in rules)
    en = ", ".join(str(rule) for rule in rules)
    if plan.policy == "UNIQUE":
        reason_zh = f"决策表“{plan.title}”只允许一条规则命中，却命中了第 {zh} 条。"
        reason_en = f'The table "{plan.title}" allows one rule to match, but rules {en} do.'
    else:
        reason_zh = f"决策表“{plan.title}”命中的第 {zh} 条规则结果不一致。"
        reason_en = f'The rules {en} of the table "{plan.title}" match with different outputs.'
    session.complain("hit-policy", plan.place, reason_zh, reason_en, rules=rules)


def _unique(matches: list[Match], plan: Plan, session: Session) -> tuple[list[Match], feel.Value]:
    if len(matches) > 1:
        _conflict(matches, plan, session)
        return matches, None
    return matches, matches[0].value


def _any(matches: list[Match], plan: Plan, session: Session) -> tuple[list[Match], feel.Value]:
    if not all(same(match.value, matches[0].value) for match in matches[1:]):
        _conflict(matches, plan, session)
        return matches, None
    return matches, matches[0].value


def _first(matches: list[Match], plan: Plan, session: Session) -> tuple[list[Match], feel.Value]:
    """The table has stopped at the first match."""
    return matches, matches[0].value


def rank(parts: list[feel.Value], ranking: Ranking) -> tuple[int, ...]:
    """Smaller comes first; a value that is not listed comes last. The left output column decides first."""
    return tuple(
        next((i for i, listed in enumerate(values) if same(listed, part)), len(values))
        for part, (_, values) in zip(parts, ranking, strict=True)
    )


def _rank(match: Match, ranking: Ranking) -> tuple[int, ...]:
    value = match.value
    return rank([value] if len(ranking) == 1 else [value[name] for name, _ in ranking], ranking)


def _priority(matches: list[Match], plan: Plan, session: Session) -> tuple[list[Match], feel.Value]:
    best = min(matches, key=lambda match: _rank(match, plan.ranking))
    return [best], best.value


def _output_order(matches: list[Match], plan: Plan, session: Session) -> tuple[list[Match], feel.Value]:
    ordered = sorted(matches, key=lambda match: _rank(match, plan.ranking))
    return ordered, [match.value for match in ordered]


def _rule_order(matches: list[Match], plan: Plan, session: Session) -> tuple[list[Match], feel.Value]:
    return matches, [match.value for match in matches]


def _collect(matches: list[Match], plan: Plan, session: Session) -> tuple[list[Match], feel.Value]:
    values = [match.value for match in matches]
    if not plan.aggregation:
        return matches, values
    return matches, _AGGREGATES[plan.aggregation].run(feel.Frame({"values": values}, None, session.run))


_AGGREGATES: Mapping[str, feel.Expression] = {
    "SUM": feel.compile("sum(values)"),
    "MIN": feel.compile("min(values)"),
    "MAX": feel.compile("max(values)"),
    "COUNT": feel.compile("count(values)"),
}

POLICIES: Mapping[str, Resolve] = MappingProxyType(
    {
        "UNIQUE": _unique,
        "ANY": _any,
        "FIRST": _first,
        "PRIORITY": _priority,
        "RULE ORDER": _rule_order,
        "OUTPUT ORDER": _output_order,
        "COLLECT": _collect,
    }
)
