"""Reads a request's body and query strictly: exact numbers, no NaN, bounded depth, no unknown field."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn, TypeVar
from urllib.parse import unquote_to_bytes

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import FileStorage

from api.problems import BadRequestError, FieldsError, UnsupportedMediaTypeError, escape, field_errors
from engine.errors import FieldError

MAX_DEPTH = 100
Model = TypeVar("Model", bound=BaseModel)


def read_body(model: type[Model]) -> Model:
    """The JSON body as `model`; errors name the field or the place in the text; no body is `{}`."""
    data = request.get_data(cache=False)
    if not data:
        return _validate(model, {})
    if request.mimetype != "application/json":
        raise UnsupportedMediaTypeError(
            "Send JSON with Content-Type: application/json.",
            "请以 JSON 提交，并注明 Content-Type: application/json。",
        )
    return _validate(model, parse_json(data))


def read_query(model: type[Model]) -> Model:
    """The query string as `model`; a parameter given twice, or one that is not UTF-8, is refused."""
    try:
        unquote_to_bytes(request.query_string).decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequestError("The query string is not UTF-8.", "查询参数不是 UTF-8 编码。") from None
    values: dict[str, Any] = {}
    for name, found in request.args.lists():
        if len(found) > 1:
            error = FieldError(pointer=f"/{name}", zh="参数重复。", en="This parameter is given twice.")
            raise BadRequestError(error.en, error.zh, errors=[error])
        values[name] = found[0]
    return _validate(model, values)


def read_uploads(field: str) -> list[FileStorage]:
    """The files of a multipart field, at least one; `field` is named where they are missing."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaTypeError(
            "Send the files as multipart/form-data.", "请以 multipart/form-data 上传文件。"
        )
    uploads = request.files.getlist(field)
    if not uploads:
        error = FieldError(
            pointer=f"/{field}",
            zh=f"请用 multipart 字段 {field} 上传至少一个文件。",
            en=f"Upload at least one file in the multipart field `{field}`.",
        )
        raise BadRequestError(error.en, error.zh, errors=[error])
    return uploads


def _validate(model: type[Model], value: Any) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise FieldsError(errors=field_errors(error)) from None


def parse_json(data: bytes) -> Any:
    """JSON with decimals kept exact.

    Raises BadRequestError for NaN, bad UTF-8, deep nesting, a name given twice, broken text.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            parse_float=_decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_no_repeats,
        )
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise BadRequestError("The body is not UTF-8.", "请求内容不是 UTF-8 编码。") from None
    except json.JSONDecodeError as error:
        raise BadRequestError(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            f"请求内容不是 JSON：第 {error.lineno} 行第 {error.colno} 列有误。",
        ) from None
    except ValueError as error:
        raise BadRequestError(f"The body is not JSON: {error}.", f"请求内容不是 JSON：{error}。") from None
    _check_depth(value)
    return value


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if len(text) > 100 or abs(value.adjusted()) > 100:
        raise ValueError(f"the number {text[:20]}… is out of range")
    return value


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        name = next(name for name in names if names.count(name) > 1)
        error = FieldError(
            pointer=f"/{escape(name)}",
            zh="同一对象中此名称出现两次。",
            en="This name is given twice in one object.",
            code="duplicate",
        )
        raise BadRequestError(
            f"The body gives {name[:100]!r} twice in one object.",
            f"请求内容的同一对象中“{name[:100]}”出现两次。",
            errors=[error],
        )
    return found


def _no_constant(text: str) -> NoReturn:
    raise BadRequestError(
        f"The body is not JSON: {text} is no JSON number.", f"请求内容不是 JSON：{text} 不是 JSON 数字。"
    )


def _too_deep() -> BadRequestError:
    return BadRequestError(
        f"The body is nested deeper than {MAX_DEPTH} levels.", f"请求内容嵌套超过 {MAX_DEPTH} 层。"
    )


def _check_depth(value: Any) -> None:
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, dict | list):
            if depth > MAX_DEPTH:
                raise _too_deep()
            children = item.values() if isinstance(item, dict) else item
            waiting.extend((child, depth + 1) for child in children)
