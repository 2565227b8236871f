"""Seed data as YAML: the region tree and the demo people."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml


def read(name: str) -> Any:
    """The parsed seed file `name`.yaml."""
    return yaml.safe_load(files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
