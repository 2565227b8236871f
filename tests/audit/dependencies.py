"""Asks a feed of known vulnerabilities about the exact versions of the lock files, with `pip-audit`.

Where no feed can be reached (offline, or a mirror without one) it says so and passes: a build must not
depend on somebody else's server. What a feed does report fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

LOCKS = ("requirements.lock", "requirements-dev.lock")
SECONDS = 25


class Audit(NamedTuple):
    """What came of it: sentences to print, and whether a vulnerability is known."""

    lines: list[str]
    is_sound: bool


def audit(root: Path) -> Audit:
    """Run `pip-audit` over the lock files."""
    command = [Path(sys.executable).with_name("pip-audit"), "--disable-pip", "--no-deps", "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", "5"]
    command += [word for lock in LOCKS for word in ("--requirement", str(root / lock))]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return Audit([f"dependencies: not audited, no feed answered within {SECONDS} s"], True)
    try:
        return judge(json.loads(run.stdout)["dependencies"])
    except (json.JSONDecodeError, KeyError):
        reason = (run.stderr.strip().splitlines() or ["no answer"])[-1][:200]
        return Audit([f"dependencies: not audited, no feed of vulnerabilities at hand ({reason})"], True)


def judge(dependencies: list[dict[str, Any]]) -> Audit:
    """What `pip-audit` reports, in sentences."""
    asked = [item for item in dependencies if "vulns" in item]
    lines = [
        f"{item['name']} {item['version']}: {hole['id']}"
        + (f", mended in {', '.join(hole['fix_versions'])}" if hole.get("fix_versions") else "")
        for item in asked
        for hole in item["vulns"]
    ]
    unknown = len(dependencies) - len(asked)
    if not asked:
        return Audit(["dependencies: not audited, the feed at hand knows none of them"], True)
    rest = f", {unknown} unknown to the feed" if unknown else ""
    return Audit([*lines, f"dependencies: {len(asked)} audited, {len(lines)} known holes{rest}"], not lines)
