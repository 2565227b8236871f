"""The only place where an error becomes a status code: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from api.language import Language, language
from api.shapes import finding_json
from engine.actions.sign_in import SignInError
from engine.actions.single_sign_on import ProviderUnreachableError
from engine.actions.throttling import TooManyAttemptsError
from engine.errors import (
    ConflictError,
    EngineError,
    EngineFault,
    FieldError,
    ForbiddenError,
    InputError,
    NotFoundError,
)
from engine.types import Finding

log = logging.getLogger("aidflow.api")


class BadRequestError(InputError):
    """The request cannot be read."""

    code = "bad-request"
    default_zh = "请求无法读取。"


class NotSignedInError(InputError):
    """Sign in first."""

    code = "not-signed-in"
    default_zh = "请先登录。"


class FieldsError(InputError):
    """Some fields need correcting."""

    code = "invalid-fields"
    default_zh = "部分内容需要更正。"


class UnsupportedMediaTypeError(InputError):
    """The body's content type is not the one that this address takes."""

    code = "unsupported-media-type"
    default_zh = "请求内容的类型不对。"


_STATUS: Sequence[tuple[type[EngineError], int]] = (
    (BadRequestError, 400),
    (NotSignedInError, 401),
    (SignInError, 401),
    (TooManyAttemptsError, 429),
    (UnsupportedMediaTypeError, 415),
    (ForbiddenError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (InputError, 422),
    (ProviderUnreachableError, 502),
    (EngineFault, 500),
    (EngineError, 500),
)
# What a person reads for the statuses that Flask itself raises: slug, Chinese, English.
_HTTP_SENTENCES = {
    404: ("no-such-address", "没有这个地址。", "There is nothing at this address."),
    405: ("method-not-allowed", "此地址不接受这种请求方法。", "This address does not take that method."),
    413: ("too-large", "提交的内容过大。", "What you sent is too large."),
    415: ("unsupported-media-type", "请求内容的类型不对。", "The content type is not supported."),
}


def status_of(error: EngineError) -> int:
    """The HTTP status of an engine error, by its family."""
    return next(status for family, status in _STATUS if isinstance(error, family))


def problem_body(
    status: int,
    code: str,
    zh: str,
    en: str,
    lang: Language,
    *,
    titles: tuple[str, str] | None = None,
    errors: Sequence[FieldError] = (),
) -> dict[str, Any]:
    """The members of a problem document. `titles` (Chinese, English) name its kind, whatever happened."""
    title_zh, title_en = titles or (zh, en)
    return {
        "type": "about:blank",
        "title": title_zh if lang == "zh" else title_en,
        "status": status,
        "code": code,
        "detail": zh if lang == "zh" else en,
        "errors": [
            {"pointer": e.pointer, "message": e.zh if lang == "zh" else e.en, "code": e.code} for e in errors
        ],
    }


def problem(
    status: int,
    code: str,
    zh: str,
    en: str,
    *,
    titles: tuple[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    **data: Any,
) -> Response:
    """One problem document in the asked language."""
    lang = language()
    body = problem_body(status, code, zh, en, lang, titles=titles, errors=errors)
    body.update(data)
    response = Response(
        json.dumps(body, ensure_ascii=False, default=str), status, mimetype="application/problem+json"
    )
    response.headers["Content-Language"] = "zh-CN" if lang == "zh" else "en"
    return response


def engine_problem(error: EngineError) -> Response:
    """The problem document of an engine error."""
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    extra: dict[str, Any] = {}
    if "findings" in error.data:  # as the answer to a deployment that went well has them
        extra["findings"] = [finding_json(Finding(**finding)) for finding in error.data["findings"]]
    elif error.data and status < 500:
        extra["data"] = error.data
    response = problem(
        status,
        error.code,
        error.zh,
        error.en,
        titles=(error.default_zh, (type(error).__doc__ or "").strip()),
        errors=error.errors,
        **extra,
    )
    if "retry_after" in error.data:
        response.headers["Retry-After"] = str(error.data["retry_after"])
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="aidflow"'
    return response


def field_errors(error: ValidationError) -> list[FieldError]:
    """Pydantic's findings as field errors with JSON pointers."""
    found = []
    for item in error.errors(include_url=False, include_context=False, include_input=False):
        pointer = "".join(f"/{escape(str(part))}" for part in item["loc"])
        zh = _ZH.get(item["type"], "此项的格式或内容不对")
        en = _EN.get(item["type"], item["msg"])
        found.append(FieldError(pointer=pointer, zh=f"{zh}。", en=f"{en}.", code=item["type"]))
    return found


_ZH = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这一项",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "bool_type": "应为是或否",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "string_unicode": "含有无效的 Unicode 字符",
    "string_pattern_mismatch": "格式不对，或含有不可用的控制字符",
    "int_parsing": "应为整数",
    "bool_parsing": "应为 true 或 false",
    "literal_error": "不在可选的值之内",
    "list_type": "应为列表",
    "string_too_long": "文字过长",
    "string_too_short": "文字过短",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
}

_EN = {
    "missing": "This field is required",
    "extra_forbidden": "There is no such field here",
    "dict_type": "Input should be a JSON object",
    "model_type": "Input should be a JSON object",
    "string_unicode": "Input has characters that are not valid Unicode",
    "string_pattern_mismatch": "Input has the wrong format, or control characters that are not allowed",
}


def escape(part: str) -> str:
    """A name as one token of a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")


def http_problem(error: HTTPException) -> Response:
    """The problem document of what Flask itself refuses: no such address, a method it does not take."""
    status = error.code or 500
    fallback = ("bad-request", "请求无法处理。", "The request cannot be handled.")
    slug, zh, en = _HTTP_SENTENCES.get(status, fallback)
    response = problem(status, slug, zh, en)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def register(app: Flask) -> None:
    """Answer every error with a problem document."""

    @app.errorhandler(EngineError)
    def _engine(error: EngineError) -> Response:
        return engine_problem(error)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        return http_problem(error)

    @app.errorhandler(Exception)
    def _fault(error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.path, exc_info=error)
        sentence = EngineFault()
        return problem(500, sentence.code, sentence.default_zh, sentence.en)
