"""Takes secrets and people's numbers out of what is logged, by the name they go under and by their shape.

Logs are read by people who may not see a case and kept where no key seals them. Names of people have
no shape: what may hold one (answers, drafts, file names) is simply never logged, and goes by its key here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from engine.forms.kinds import luhn_ok
from engine.forms.privacy import mask, mask_text

_HIDDEN = "[redacted]"
_SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)|secret|token|authorization|cookie|credential|api.?key|private.?key|session"
    r"|^keys?$|^(answers|draft|payload|variables|known|body|form|file_?name)$|id_?(number|card)|bank|mobile|phone",
    re.IGNORECASE,
)
_SECRET_SHAPES = re.compile(
    r"(?<=\bbearer )[\w.~+/=-]{8,}|(?<=\bbasic )[\w+/=]{8,}"  # an authorization header
    r"|(?<=aidflow_session=)[^;\s]+|\$argon2[^\s\"']+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # a JSON web token
    r"|(?<![\w/.-])[\w-]{43}(?![\w/.-])"  # one of our own tokens, which are 32 random bytes
    r"|(?<![\w/+-])[\w/+]{43}=(?![\w=])"  # a key
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # name and password in an address
    r"|(?<=[?&]code=)[^&\s\"']+|(?<=[?&]state=)[^&\s\"']+|(?<=[?&]person=)[^&\s\"']+",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_CARD = re.compile(r"(?<![0-9])[0-9]{16,19}(?![0-9])")
_DEEPEST = 20


def mask_numbers(text: str) -> str:
    """A line without identity, mobile and card numbers: what an exception says may quote an answer."""
    text = _MOBILE.sub(lambda found: mask("mobile", found.group()), mask_text(text))
    return _CARD.sub(lambda f: mask("bankCard", f.group()) if luhn_ok(f.group()) else f.group(), text)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor: every value of the event without what it must not tell."""
    for name, value in event.items():
        event[name] = _clean(name, value, 0)
    return event


def _clean(name: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if _SECRET_NAMES.search(name) or depth > _DEEPEST:
        return _HIDDEN
    if isinstance(value, Mapping):
        return {key: _clean(str(key), inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(name, inner, depth + 1) for inner in value]
    if isinstance(value, int):
        text = mask_numbers(str(value))
        return value if text == str(value) else text
    text = value if isinstance(value, str) else repr(value)
    return mask_numbers(_SECRET_SHAPES.sub(_HIDDEN, text))
