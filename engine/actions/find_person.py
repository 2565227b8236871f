"""Find the cases of a person by an exact number or whole name, and record the search; never for whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine import access
from engine.actions.reading import list_cases
from engine.actions.views import CaseSummary, Page
from engine.errors import FieldError, ForbiddenError, InputError
from engine.forms import persons
from engine.forms.privacy import kinds_of
from engine.store import audit, identities
from engine.store.db import Tx
from engine.types import Actor


def find_person(tx: Tx, *, person: str, actor: Actor, at: datetime, **narrowed: Any) -> Page[CaseSummary]:
    """Those of the cases that the actor may see with that number or name; `narrowed` as `list_cases`.

    Raises ForbiddenError, InputError for what is no identity, mobile or card number and no name.
    """
    scope = access.regions_where(actor, "person.find")
    if not scope:
        raise ForbiddenError(data={"permission": "person.find"})
    number = person.strip().upper()
    kinds = kinds_of(number)
    sought: str | None = number
    if not kinds:
        kinds, sought = [persons.NAME], persons.compared(person)
    if sought is None:
        low, high = persons.SHORTEST, persons.LONGEST
        zh = f"应为完整的姓名（{low}至{high}个字）、身份证号、手机号或银行卡号"
        en = f"must be a whole name ({low} to {high} characters), identity, mobile or bank card number"
        fault = FieldError(pointer="/person", zh=zh, en=en)
        raise InputError(f"What to search for {en}.", f"查找内容{zh}。", [fault])
    blinds = identities.blinds_of(tx, kinds, sought)
    page = list_cases(tx, actor=actor, at=at, scope=scope, blinds=blinds, **narrowed)
    data = {"kinds": kinds, "found": len(page.items)}
    audit.append(tx, kind="person_searched", actor=actor.username, data=data, at=at)
    return page
