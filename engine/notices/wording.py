"""How a FEEL value reads inside a sentence, in Chinese or English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.feel import Date, DateTime, Value, from_feel
from engine.feel.text import number_text
from engine.parameters import Limit


def said(value: Value, lang: str) -> str:
    """The value in words: nothing reads as a dash, a date as people write it, a list as an enumeration."""
    zh = lang == "zh"
    if value is None:
        return "——"
    if isinstance(value, bool):
        return ("是" if zh else "yes") if value else ("否" if zh else "no")
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, Date):
        return _day(date(value.year, value.month, value.day), lang)
    if isinstance(value, DateTime):
        return _moment(value, lang)
    if isinstance(value, Limit):
        return value.text(lang)
    if isinstance(value, list):
        return ("、" if zh else ", ").join(said(item, lang) for item in value)
    return str(from_feel(value))


def _day(day: date, lang: str) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {day:%B} {day.year}"


def _moment(value: DateTime, lang: str) -> str:
    day = date(value.date.year, value.date.month, value.date.day)
    return f"{_day(day, lang)} {value.time.hour:02d}:{value.time.minute:02d}"
