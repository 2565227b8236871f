"""Finds secrets in the repository's files with `detect-secrets`. There is no baseline: a finding fails.

Lock files are full of hashes and are left out. Fixed passwords belong to tests, so that the search by
variable names stays out of `tests` and `bench`; keys and tokens by their shape are looked for everywhere.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from engine.actions.seed_people import DEMO_PASSWORD

_LEFT_OUT = (".lock", "package-lock.json", ".xml", ".png", ".ico", ".woff2")
_BY_SHAPE = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector",
    "CloudantDetector", "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector",
    "IbmCloudIamDetector", "JwtTokenDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector",
    "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "SquareOAuthDetector",
    "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
_ENTROPY = ({"name": "Base64HighEntropyString", "limit": 4.5}, {"name": "HexHighEntropyString", "limit": 3.0})
_FILTERS = (
    "detect_secrets.filters.allowlist.is_line_allowlisted",
    "detect_secrets.filters.heuristic.is_likely_id_string",
    "detect_secrets.filters.heuristic.is_sequential_string",
    "detect_secrets.filters.heuristic.is_templated_secret",
    "detect_secrets.filters.heuristic.is_potential_uuid",
)


def files_of(root: Path) -> list[Path]:
    """What the repository has, and what would come in with the next commit."""
    run = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (root / name for name in run.stdout.split("\0") if name and not name.endswith(_LEFT_OUT))
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def scan(paths: Iterable[Path], root: Path) -> list[str]:
    """`file:line: what it looks like`, never the secret itself."""
    with ProcessPoolExecutor(2) as pool:
        found = pool.map(_scan_one, paths, repeat(root), chunksize=20)
        return sorted(line for lines in found for line in lines)


def _scan_one(path: Path, root: Path) -> list[str]:
    name = str(path.relative_to(root))
    by_name = not name.startswith(("tests/", "bench/"))
    plugins = [{"name": plugin} for plugin in (*_BY_SHAPE, *(("KeywordDetector",) if by_name else ()))]
    settings = {"plugins_used": [*plugins, *_ENTROPY], "filters_used": [{"path": path} for path in _FILTERS]}
    with transient_settings(settings):
        return [
            f"{name}:{secret.line_number}: {secret.type}"
            for secret in scan_file(str(path))
            if not _is_public(secret.secret_value or "")
        ]


def _is_public(text: str) -> bool:
    """The demo's password, or no character twice: the alphabet of an id, which chance does not draw."""
    return text == DEMO_PASSWORD or len(set(text)) == len(text) > 20
