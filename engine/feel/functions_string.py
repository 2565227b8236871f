"""String functions. Positions count characters (code points) from 1, so 𠮷 is one."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.patterns import compile_pattern, expand, find_matches
from engine.feel.registry import builtin
from engine.feel.values import Null, Run, Value


def whole(number: Decimal, what: str) -> int:
    """The number as an int; Null when it has a fraction or is absurdly large."""
    if number != number.to_integral_value() or abs(number) > 10**15:
        raise Null(f"'{what}' must be a whole number", f"“{what}”应为整数")
    return int(number)


@builtin("substring", "string: string, start position: number, length?: number?")
def _substring(run: Run, text: str, start: Decimal, length: Decimal | None) -> Value:
    first = int(start)
    if first == 0 or abs(first) > len(text):
        raise Null("the start position lies outside the string", "起始位置超出文本")
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    if length < 1:
        raise Null("the length must be at least 1", "长度至少为1")
    return text[begin : begin + int(min(length, Decimal(len(text))))]


@builtin("string length", "string: string")
def _length(run: Run, text: str) -> Value:
    return Decimal(len(text))


@builtin("upper case", "string: string")
def _upper(run: Run, text: str) -> Value:
    return text.upper()


@builtin("lower case", "string: string")
def _lower(run: Run, text: str) -> Value:
    return text.lower()


@builtin("substring before", "string: string, match: string")
def _before(run: Run, text: str, match: str) -> Value:
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string, match: string")
def _after(run: Run, text: str, match: str) -> Value:
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string, match: string")
def _contains(run: Run, text: str, match: str) -> Value:
    return match in text


@builtin("starts with", "string: string, match: string")
def _starts(run: Run, text: str, match: str) -> Value:
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def _ends(run: Run, text: str, match: str) -> Value:
    return text.endswith(match)


@builtin("matches", "input: string, pattern: string, flags?: string?")
def _matches(run: Run, text: str, pattern: str, flags: str | None) -> Value:
    return bool(find_matches(run, compile_pattern(pattern, flags or ""), text, first=True))


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string?")
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    compiled = compile_pattern(pattern, flags or "")
    parts: list[str] = []
    end = size = 0
    for found in find_matches(run, compiled, text):
        parts += (text[end : found.start()], expand(found, replacement, literal="q" in (flags or "")))
        size += len(parts[-1]) + len(parts[-2])
        run.string(size)
        end = found.end()
    return "".join(parts) + text[end:]


@builtin("split", "string: string, delimiter: string")
def _split(run: Run, text: str, delimiter: str) -> Value:
    parts: list[str] = []
    end = 0
    for found in find_matches(run, compile_pattern(delimiter, ""), text):
        parts.append(text[end : found.start()])
        end = found.end()
    run.size(len(parts) + 1)
    return [*parts, text[end:]]


@builtin("string join", "list: list", "list: list, delimiter: string?")
@builtin("string join", "list: list, delimiter: string?, prefix: string?, suffix: string?")
def _join(
    run: Run,
    items: list[Value],
    delimiter: str | None = None,
    prefix: str | None = None,
    suffix: str | None = None,
) -> Value:
    """Nulls are left out; anything else that is no string makes the result null."""
    strings = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in strings):
        raise Null("the list holds something that is no string", "列表中有不是文本的内容")
    run.spend(len(strings))
    run.string(sum(map(len, strings)) + len(delimiter or "") * len(strings))
    return (prefix or "") + (delimiter or "").join(strings) + (suffix or "")
