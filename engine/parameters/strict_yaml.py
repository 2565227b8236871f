"""The strict YAML reader: plain data, exact decimals, no aliases, no duplicate keys, bounded size.

Whatever is wrong becomes a DeploymentError that names the file and the line.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from engine.errors import DeploymentError, FieldError

# Safety bounds, not legal numbers: a rule file is a few kilobytes, and PyYAML recurses once per level.
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 40

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9_]*)")


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses what makes a file mean something else than it seems to."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise self._error("aliases are not allowed")
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self._error(f"nested deeper than {_MAX_DEPTH} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _error(self, problem: str) -> yaml.MarkedYAMLError:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        return yaml.MarkedYAMLError(None, None, problem, event.start_mark)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                raise yaml.MarkedYAMLError(None, None, "a key must be plain text", key_node.start_mark)
            if key_node.value in seen:
                problem = f"the key '{key_node.value}' occurs twice"
                raise yaml.MarkedYAMLError(None, None, problem, key_node.start_mark)
            seen.add(key_node.value)
        return super().construct_mapping(node, deep=deep)

    def construct_integer(self, node: Any) -> int:
        """Only plain digits: YAML 1.1 would read 010 as 8 and 1:30 as 90."""
        if not _INTEGER.fullmatch(node.value):
            raise yaml.MarkedYAMLError(None, None, f"'{node.value}' is not a plain number", node.start_mark)
        return int(node.value.replace("_", ""))

    def construct_decimal(self, node: Any) -> Decimal:
        try:
            number = Decimal(node.value.replace("_", ""))
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            raise yaml.MarkedYAMLError(None, None, f"'{node.value}' is not a number", node.start_mark)
        return number


_StrictLoader.add_constructor("tag:yaml.org,2002:int", _StrictLoader.construct_integer)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _StrictLoader.construct_decimal)


def load_yaml(data: bytes | str, *, file: str) -> Any:
    """The data of one YAML document; numbers with a point are Decimal.

    Raises DeploymentError with the file and the line.
    """
    if len(data) > _MAX_BYTES:
        raise _refused(file, None, f"larger than {_MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader, made stricter
    except UnicodeDecodeError:
        raise _refused(file, None, "not UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        mark, problem = error.problem_mark or error.context_mark, error.problem or "not YAML"
        if problem == "but found another document":
            problem = "one document a file: put what follows '---' into a file of its own"
        raise _refused(file, mark.line + 1 if mark else None, problem) from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise _refused(file, None, str(error).splitlines()[0]) from None


def _refused(file: str, line: int | None, problem: str) -> DeploymentError:
    place = f"{file}, line {line}" if line else file
    place_zh = f"{file} 第{line}行" if line else file
    en, zh = f"{place}: {problem}.", f"{place_zh}：YAML 无法读取（{problem}）。"
    detail = FieldError(pointer="", zh=zh, en=en, code="bad-yaml")
    return DeploymentError(en, zh, [detail], {"file": file, "line": line})
