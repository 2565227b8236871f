"""The audit finds what it is there to find, and says so where it cannot look."""

from __future__ import annotations

import secrets
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.audit import dependencies
from tests.audit.dependencies import judge
from tests.audit.secret_scan import files_of, scan

ROOT = Path(__file__).parents[2]


def planted() -> dict[str, str]:
    """Secrets made up now, so that this file holds none."""
    begin, kind = "-----BEGIN", "PRIVATE KEY-----"
    return {
        "aws.py": f'ID = "AKIA{secrets.token_hex(8).upper()}"\n',
        "deploy.md": f"{begin} RSA {kind}\n{secrets.token_hex(32)}\n",
        "tests/settings.yaml": f"url: https://me:{secrets.token_hex(6)}@example.org/\n",
        "tests/token.txt": f"gh{'p'}_{secrets.token_hex(18)}\n",
        "engine/keys.py": f'KEY = "{secrets.token_urlsafe(32)}"\n',
        "engine/sign.py": f'password = "{secrets.token_hex(5)}"\n',
    }


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def test_planted_secrets_are_found_and_not_repeated(repository: Path) -> None:
    files = planted()
    write(repository, files)
    found = scan(files_of(repository), repository)
    assert {line.split(":")[0] for line in found} == set(files)
    assert not [line for line in found for text in files.values() if text.split('"')[-2:][0] in line]


def test_what_only_looks_like_a_secret_passes(repository: Path) -> None:
    quiet = {
        "ids.py": 'ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"\n',
        "tests/test_sign.py": 'password = "wrong"\n',
        "requirements.lock": f"a==1 --hash=sha256:{secrets.token_hex(32)}\n",
        "notes.md": "The password is asked for.\n",
    }
    write(repository, quiet)
    assert scan(files_of(repository), repository) == []


def test_known_hole_fails_with_what_mends_it() -> None:
    holed = {"name": "flask", "version": "0.1", "vulns": [{"id": "CVE-1", "fix_versions": ["0.2"]}]}
    lines, is_sound = judge([holed, {"name": "lxml", "version": "5", "vulns": []}])
    assert not is_sound
    assert lines[0] == "flask 0.1: CVE-1, mended in 0.2"


def test_audit_without_a_feed_passes_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    skipped: list[dict[str, Any]] = [{"name": "flask", "skip_reason": "not found"}]
    assert judge(skipped) == (["dependencies: not audited, the feed at hand knows none of them"], True)

    def unreachable(*_: object, **__: object) -> Any:
        return subprocess.CompletedProcess([], 1, "", "ConnectionError: no route to host")

    monkeypatch.setattr(dependencies.subprocess, "run", unreachable)
    lines, is_sound = dependencies.audit(ROOT)
    assert is_sound
    assert "no route to host" in lines[0]
