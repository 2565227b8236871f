"""What differs between the parameters of two sets of files: values by date, sources, titles."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.actions.designing.changes import Change, Place, added, changed, removed
from engine.parameters import Parameter, ParameterSet
from engine.parameters.limits import UNITS, amount_text
from engine.parameters.model import DatedValue, Value

_NO_VALUE = "—"


def compare_parameters(before: ParameterSet, after: ParameterSet, files: dict[str, str]) -> Iterator[Change]:
    """A sentence for each value that is new, gone or different; `files` says where each key stands."""
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            yield added(_place(files, now))
            yield from _values(files, None, now)
        elif was is not None and now is None:
            yield removed(_place(files, was))
        elif was is not None and now is not None and was != now:
            yield from _about(files, was, now)
            yield from _values(files, was, now)


def _about(files: dict[str, str], was: Parameter, now: Parameter) -> Iterator[Change]:
    for label, old, new in (
        (("中文名", "Chinese title"), was.zh, now.zh),
        (("英文名", "English title"), was.en, now.en),
        (("单位", "unit"), was.unit, now.unit),
    ):
        if old != new:
            yield changed(_place(files, now), label, old, new)


def _values(files: dict[str, str], was: Parameter | None, now: Parameter) -> Iterator[Change]:
    old = {value.since: value for value in was.values} if was else {}
    new = {value.since: value for value in now.values}
    place = _place(files, now)
    for since in sorted(old.keys() | new.keys()):
        gone, come = old.get(since), new.get(since)
        day = since.isoformat()
        if come is not None and (gone is None or gone.value != come.value or (was and was.unit != now.unit)):
            yield _value_changed(place, was, now, gone, come)
        elif come is None and gone is not None:
            text = {lang: value_text(gone.value, now.unit, lang) for lang in ("zh", "en")}
            yield Change(
                kind="removed", topic=place.topic, file=place.file, element_id=place.id, old=text["zh"],
                zh=f"{place.zh}：删去自{day}起的“{text['zh']}”。",
                en=f"{_capital(place.en)}: the value from {day}, “{text['en']}”, removed.",
            )  # fmt: skip
        if come is not None and gone is not None:
            if gone.source != come.source:
                yield changed(
                    place, (f"{day}起数值的依据", f"source of the value from {day}"), gone.source, come.source
                )
            if gone.placeholder != come.placeholder:
                word = {True: "待替换", False: "正式"}
                label = (f"{day}起数值的性质", f"standing of the value from {day}")
                yield changed(place, label, word[gone.placeholder], word[come.placeholder])


def _value_changed(
    place: Place, was: Parameter | None, now: Parameter, gone: DatedValue | None, come: DatedValue
) -> Change:
    """The new value with its day, beside what held on that day before."""
    held = gone or (was.at(come.since) if was else None)
    unit = was.unit if was else now.unit
    old = {lang: value_text(held.value, unit, lang) if held else _NO_VALUE for lang in ("zh", "en")}
    new = {lang: value_text(come.value, now.unit, lang) for lang in ("zh", "en")}
    day = come.since.isoformat()
    zh, en = f"{place.zh}：自{day}起为{new['zh']}", f"{_capital(place.en)}: {new['en']} from {day}"
    if held:
        zh, en = f"{zh}，原为{old['zh']}（自{held.since}起）", f"{en}, was {old['en']} (from {held.since})"
    return Change(
        kind="changed" if held else "added", topic=place.topic, zh=zh + "。", en=en + ".", file=place.file,
        element_id=place.id, old=old["zh"] if held else "", new=new["zh"],
    )  # fmt: skip


def value_text(value: Value, unit: str, lang: str) -> str:
    """A value as people say it: 20 working days, 760.00 yuan, 20%, yes."""
    zh = lang == "zh"
    if isinstance(value, tuple):
        return ("、" if zh else ", ").join(map(str, value)) or _NO_VALUE
    if isinstance(value, bool):
        return {(True, True): "是", (True, False): "否", (False, True): "yes", (False, False): "no"}[
            zh, value
        ]
    if isinstance(value, Decimal):
        for known in UNITS:
            if known == unit:
                return amount_text(known, int(value), lang)
        if unit == "fen":
            yuan = f"{value / 100:,.2f}"
            return f"{yuan}元" if zh else f"{yuan} yuan"
        if unit == "ratio":
            return f"{(value * 100).normalize():f}%"
        if unit == "months":
            return f"{value:f}个月" if zh else f"{value:f} months"
        return f"{value.normalize():f}"
    return value


def _place(files: dict[str, str], parameter: Parameter) -> Place:
    return Place(
        file=files.get(parameter.key, ""), id=parameter.key, zh=f"参数“{parameter.zh}”（{parameter.key}）",
        en=f"parameter “{parameter.en}” ({parameter.key})",
        topic="limit" if parameter.unit in UNITS else "parameter",
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
