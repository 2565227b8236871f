"""Turns what applicants and the public get into JSON, in the caller's language."""

from __future__ import annotations

from typing import Any

from api.language import language
from api.shapes import _fields, to_json
from engine.actions import applicants, applicants_apply, applicants_view, notices
from engine.notices import Notice
from engine.store.people import Region

Pair = tuple[str, str]


def _half(pair: Pair | None) -> str | None:
    return None if pair is None else pair[1 if language() == "en" else 0]


def _told(text: Notice) -> dict[str, Any]:
    lang = language()
    return {
        "title": text.title[lang],
        "basis": text.basis,
        "paragraphs": list(text.paragraphs[lang]),
    }


@to_json.register
def _notice(view: notices.NoticeView) -> dict[str, Any]:
    return {**_fields(view, "text"), **_told(view.text)}


@to_json.register
def _posting(view: notices.PostingView) -> dict[str, Any]:
    return {**_fields(view, "text"), **_told(view.text)}


@to_json.register
def _need(view: applicants.NeedView) -> dict[str, Any]:
    return {"process": view.process, "need": _half(view.need), "title": _half(view.title)}


@to_json.register
def _region(view: Region) -> dict[str, Any]:
    return {"code": view.code, "name": _half((view.name, view.name_en))}


@to_json.register
def _application(view: applicants_apply.ApplicationView) -> dict[str, Any]:
    return {**_fields(view, "form"), "form": view.form.describe(language())}


@to_json.register
def _wait(view: applicants_view.WaitView) -> dict[str, Any]:
    return {**_fields(view, "what"), "what": _half(view.what)}


@to_json.register
def _done(view: applicants_view.DoneView) -> dict[str, Any]:
    return {**_fields(view, "what"), "what": _half(view.what)}


@to_json.register
def _todo(view: applicants_view.TodoView) -> dict[str, Any]:
    form = view.form.describe(language()) if view.form else None
    return {**_fields(view, "name", "form"), "name": _half(view.name), "form": form}


@to_json.register
def _limit(view: applicants_view.LimitView) -> dict[str, Any]:
    return {**_fields(view, "clock", "calendar"), "explanation": view.explain(language())}


@to_json.register
def _remedies(view: applicants_view.RemedyView) -> dict[str, Any]:
    return {**_fields(view, "review_body"), "review_body": _half(view.review_body)}


@to_json.register
def _tracked(view: applicants_view.TrackView) -> dict[str, Any]:
    pairs = {name: _half(getattr(view, name)) for name in ("process", "region", "outcome")}
    return {**_fields(view, *pairs), **pairs}
