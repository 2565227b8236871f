"""A lawful limit: so many working days, calendar days or clock hours, and where the law says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from engine.errors import InputError

Unit = Literal["workdays", "calendar_days", "hours"]
UNITS: tuple[Unit, ...] = get_args(Unit)

# A century keeps every due date inside the years that a datetime can hold. It is no legal number.
_LONGEST = {"workdays": 36_500, "calendar_days": 36_500, "hours": 876_000}
_LETTERS: dict[str, Unit] = {"w": "workdays", "c": "calendar_days", "h": "hours"}
_NAMES = {
    "workdays": ("个工作日", "working day", "working days"),
    "calendar_days": ("天", "calendar day", "calendar days"),
    "hours": ("小时", "hour", "hours"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A kind of unit and a whole amount of it, at least 1.

    `placeholder` says that the amount stands in for a local figure nobody has told us yet; `grounds`
    lists the legal grounds on which a clock may be extended to this limit.
    Raises InputError for another unit or an amount that is no whole number in range.
    """

    unit: Unit
    amount: int
    key: str | None = None
    source: str = ""
    placeholder: bool = False
    grounds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise InputError(
                f"A limit counts in {', '.join(UNITS)}, not in '{self.unit}'.",
                f"时限单位只能是{'、'.join(UNITS)}，不能是“{self.unit}”。",
            )
        whole = isinstance(self.amount, int) and not isinstance(self.amount, bool)
        if not whole or not 1 <= self.amount <= _LONGEST[self.unit]:
            raise InputError(
                f"A limit in {self.unit} is a whole number from 1 to {_LONGEST[self.unit]}, "
                f"not {self.amount}.",
                f"时限须为1至{_LONGEST[self.unit]}的整数，不能是{self.amount}。",
            )

    def text(self, lang: str) -> str:
        """`20 working days`, `20个工作日`."""
        return amount_text(self.unit, self.amount, lang)

    def to_list(self) -> list[object]:
        """A JSON list without trailing defaults: limits are stored once per clock, by the million."""
        full: list[object] = [self.unit[0], self.amount, self.key, self.source]
        full += [int(self.placeholder), list(self.grounds)]
        while not full[-1]:
            full.pop()
        return full

    @classmethod
    def from_list(cls, stored: list[object]) -> Limit:
        rest: list[object] = [None, "", 0, ()]
        letter, amount, key, source, placeholder, grounds = stored + rest[len(stored) - 2 :]
        return cls(
            _LETTERS[cast(str, letter)],
            cast(int, amount),
            cast("str | None", key),
            cast(str, source),
            bool(placeholder),
            tuple(cast("list[str]", grounds)),
        )


def amount_text(unit: Unit, amount: int, lang: str) -> str:
    """An amount of a unit in words of the language (`zh…` is Chinese, everything else English)."""
    zh, one, many = _NAMES[unit]
    return f"{amount}{zh}" if lang.startswith("zh") else f"{amount} {one if amount == 1 else many}"
