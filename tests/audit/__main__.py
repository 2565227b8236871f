"""`python -m tests.audit`: exit code 1 if a dependency has a known hole or a file holds a secret."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.audit.dependencies import audit
from tests.audit.secret_scan import files_of, scan

ROOT = Path(__file__).parents[2]

if __name__ == "__main__":
    with ThreadPoolExecutor(1) as pool:  # one waits for the network while the other reads files
        dependencies = pool.submit(audit, ROOT)
        paths = files_of(ROOT)
        findings = scan(paths, ROOT)
        lines, is_sound = dependencies.result()
    print(*findings, *lines, f"secrets: {len(paths)} files, {len(findings)} findings", sep="\n")  # noqa: T201
    sys.exit(0 if is_sound and not findings else 1)
