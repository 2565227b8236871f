"""One difference between two sets of files, as a sentence in both languages, and how sentences are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["added", "removed", "changed"]
Topic = Literal["file", "element", "limit", "rule", "form", "parameter", "scenario", "layout"]
Label = tuple[str, str]
_LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is different, where, and the values before and after (empty where there is none)."""

    kind: Kind
    topic: Topic
    zh: str
    en: str
    file: str
    element_id: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a change is about: `zh` and `en` name it in a sentence."""

    file: str
    id: str
    zh: str
    en: str
    topic: Topic


def added(place: Place) -> Change:
    return Change(
        kind="added", topic=place.topic, zh=f"新增{place.zh}。", en=f"{_capital(place.en)} added.",
        file=place.file, element_id=place.id,
    )  # fmt: skip


def removed(place: Place) -> Change:
    return Change(
        kind="removed", topic=place.topic, zh=f"删除{place.zh}。", en=f"{_capital(place.en)} removed.",
        file=place.file, element_id=place.id,
    )  # fmt: skip


def differing(
    place: Place,
    old: Mapping[str, str],
    new: Mapping[str, str],
    label: Mapping[str, Label],
    topics: Mapping[str, Topic] | None = None,
) -> Iterator[Change]:
    """One change for each fact that differs; `label` names the facts, `topics` those of another topic."""
    for fact in dict.fromkeys([*old, *new]):
        before, after = old.get(fact, ""), new.get(fact, "")
        if before != after:
            yield changed(
                place, label.get(fact, (fact, fact)), before, after, (topics or {}).get(fact, place.topic)
            )


def changed(place: Place, label: Label, old: str, new: str, topic: Topic | None = None) -> Change:
    """A fact of something that is there before and after."""
    before, after = short(old), short(new)
    if not old:
        zh, en = f"{place.zh}：{label[0]}设为“{after}”。", f"{place.en}: {label[1]} set to “{after}”."
    elif not new:
        zh = f"{place.zh}：删去{label[0]}（原为“{before}”）。"
        en = f"{place.en}: {label[1]} taken away (it was “{before}”)."
    else:
        zh = f"{place.zh}：{label[0]}由“{before}”改为“{after}”。"
        en = f"{place.en}: {label[1]} changed from “{before}” to “{after}”."
    return Change(
        kind="changed", topic=topic or place.topic, zh=zh, en=_capital(en), file=place.file,
        element_id=place.id, old=old, new=new,
    )  # fmt: skip


def short(text: str) -> str:
    """A value as a sentence can bear it."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
