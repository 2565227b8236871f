"""What templates may call: texts in both languages, dates as people write them, names, navigation."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from flask import Blueprint, Flask, Response, request, send_file

from engine.clocks.calendar import SHANGHAI
from web.language import in_tongue, locale, page_language, spoken, t
from web.names import Names
from web.navigation import places
from web.page import asked
from web.wording import word

routes = Blueprint("look", __name__)


@routes.get("/icon.svg")
def icon() -> Response:
    """The sign of the pages in a browser's tabs."""
    return send_file(Path(__file__).parent / "icon.svg", mimetype="image/svg+xml", max_age=86_400)


def when(instant: datetime | None) -> str:
    """An instant to the minute, in Chinese time."""
    if instant is None:
        return ""
    local = instant.astimezone(SHANGHAI)
    if page_language() == "zh":
        return format_datetime(local, "yyyy-MM-dd HH:mm", locale=locale())
    return format_datetime(local, "d MMM yyyy HH:mm", locale=locale())


def day(value: date | str | None) -> str:
    """A day, with the day of the week."""
    if value is None or value == "":
        return ""
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    if isinstance(found, datetime):
        found = found.astimezone(SHANGHAI).date()
    pattern = "yyyy-MM-dd（EEE）" if page_language() == "zh" else "EEE d MMM yyyy"
    return format_date(found, pattern, locale=locale())


def money(fen: int | Decimal | None) -> str:
    """An amount kept in fen, in yuan."""
    if fen is None:
        return ""
    yuan = format_decimal(Decimal(fen) / 100, "#,##0.00", locale=locale())
    return t(f"{yuan} 元", f"CNY {yuan}")


def yuan(fen: Any) -> str:
    """An amount in fen as one types it in yuan; what is no amount stays as it was typed."""
    if fen is None:
        return ""
    if isinstance(fen, int | Decimal) and not isinstance(fen, bool):
        return format((Decimal(fen) / 100).normalize(), "f")
    return str(fen)


def number(value: int | float | Decimal | None) -> str:
    """A number with its thousands apart."""
    return "" if value is None else format_decimal(value, locale=locale())


def percent(share: float | Decimal | None) -> str:
    """A share of one as per cent."""
    return "" if share is None else format_percent(share, "#,##0.0%", locale=locale())


def span(length: timedelta | float | None) -> str:
    """How long something took or is left: the two largest units. Numbers are seconds."""
    if length is None:
        return ""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    days, rest = divmod(abs(seconds), 86_400)
    hours, minutes = rest // 3_600, rest % 3_600 // 60
    if days:
        return t(f"{days} 天 {hours} 小时", f"{days} d {hours} h")
    if hours:
        return t(f"{hours} 小时 {minutes} 分", f"{hours} h {minutes} min")
    return t(f"{minutes} 分钟", f"{minutes} min")


def with_args(**changes: Any) -> str:
    """This page's address with some of its filters changed; None takes one away."""
    kept: dict[str, Any] = {name: request.args.getlist(name) for name in request.args}
    kept.update(changes)
    given = {name: value for name, value in kept.items() if value not in (None, "", [])}
    query = urlencode(given, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def said() -> str | None:
    """The sentence that the last request left for this page."""
    try:
        zh, en = json.loads(request.cookies.get("aidflow_said", ""))
        return t(str(zh), str(en))
    except (ValueError, TypeError):
        return None


def register(app: Flask) -> None:
    """Give every template these, and who asks."""
    app.register_blueprint(routes)
    names = Names()
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(when=when, day=day, money=money, number=number, percent=percent, span=span)
    env.globals.update(
        t=t, word=word, in_tongue=in_tongue, region=names.region, person=names.person, process=names.process,
        with_args=with_args, yuan=yuan, said=said, navigation=places, asked=asked,
        page_language=page_language, spoken=spoken,
    )  # fmt: skip
