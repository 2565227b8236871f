"""Tells scenario files from others by their text, without reading the YAML: a folder has dozens of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_KEY = re.compile(r"^(\w+):[ \t]*(.*?)[ \t]*(?:#.*)?$", re.MULTILINE)


def is_scenario(name: str, data: bytes) -> bool:
    """Whether a YAML file has `scenario` at its top level, written in block style."""
    return "scenario" in top_keys(name, data)


def top_keys(name: str, data: bytes) -> dict[str, str]:
    """The plain keys at the top level of a YAML file, with what follows on their lines."""
    if not name.lower().endswith((".yaml", ".yml")):
        return {}
    return {match[1]: match[2].strip("\"'") for match in _KEY.finditer(data.decode("utf-8-sig", "replace"))}


def scenarios_by_process(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The scenario files among files, by the process that each plays."""
    found: dict[str, dict[str, bytes]] = {}
    for name, data in files.items():
        keys = top_keys(name, data)
        if "scenario" in keys and (process := keys.get("process")):
            found.setdefault(process, {})[name] = data
    return found
