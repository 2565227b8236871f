"""Context functions."""

from __future__ import annotations

from engine.feel.registry import builtin
from engine.feel.values import Null, Run, Value

Context = dict[str, Value]


@builtin("get value", "m: context, key: string")
def _get_value(run: Run, context: Context, key: str) -> Value:
    return context.get(key)


@builtin("get entries", "m: context")
def _get_entries(run: Run, context: Context) -> Value:
    run.spend(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list")
def _context(run: Run, entries: list[Value]) -> Value:
    run.spend(len(entries))
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise Null("each entry needs a 'key' and a 'value'", "每个条目都需要key和value")
        if entry["key"] in made:
            raise Null("a key occurs twice", "键重复")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any?")
def _put_key(run: Run, context: Context, key: str, value: Value) -> Value:
    run.spend(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any?")
def _put_keys(run: Run, context: Context, keys: list[Value], value: Value) -> Value:
    """Puts the value at the end of a path of keys; the contexts on the way are copied."""
    if not keys or not all(isinstance(key, str) for key in keys):
        raise Null("'keys' must be strings", "键应为文本")
    run.spend(len(keys) + len(context))
    made = inner = dict(context)
    for key in keys[:-1]:
        below = inner.get(key)
        if not isinstance(below, dict):
            raise Null(f"there is no context under '{key}'", f"“{key}”之下没有上下文")
        run.spend(len(below))
        inner[key] = inner = dict(below)
    inner[keys[-1]] = value
    return made


@builtin("context merge", "contexts: list")
def _merge(run: Run, contexts: list[Value]) -> Value:
    made: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Null("the list holds something that is no context", "列表中有不是上下文的内容")
        run.spend(len(context))
        made.update(context)
    return made
