"""`python -m tests.conformance FOLDER`: runs the DMN TCK cases below a folder and lists what fails."""

from __future__ import annotations

import sys
from pathlib import Path

from .tck import run_folder


def main(folder: str) -> int:
    """Prints the totals and each failing case; 1 when one fails that is not excluded."""
    results = list(run_folder(Path(folder)))
    if not results:
        sys.stdout.write(f"no test cases below {folder}\n")
        return 2
    lines = []
    for level in sorted({result.level for result in results}):
        counted = [r for r in results if r.level == level and not r.excluded]
        passed = sum(not r.problem for r in counted)
        lines.append(f"level {level}: {passed} of {len(counted)}")
    lines += [f"FAIL {r.name}: {r.problem}" for r in results if r.problem and not r.excluded]
    lines += [
        f"excluded (external function) {r.name}: {r.problem or 'passes'}" for r in results if r.excluded
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(r.problem and not r.excluded for r in results))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.conformance FOLDER")
    sys.exit(main(sys.argv[1]))
