"""`python -m tests.browser.install`: sees to it that there is a Chromium; says what to do where it can't.

A browser of the system is taken where there is one. As root on Debian it is installed by apt, elsewhere
Playwright's own is fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium of the system; None where there is none (Playwright may have its own)."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def main() -> None:
    """Find or install a browser, and Chinese letters for it."""
    if find_chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write("installing chromium …\n")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
        subprocess.run(["apt-get", "update", "-qq"], **quiet)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            **quiet,
        )
    if not find_chromium():
        found = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        if found.returncode:
            sys.exit("No Chromium: install it (Debian: apt install chromium fonts-noto-cjk) and try again.")


if __name__ == "__main__":
    main()
