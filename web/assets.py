"""The built browser files: which address a source has, and serving them for ever under that address.

Vite names each file by its content, so a browser may keep it a year. `python -m web.build` makes them;
each lies there compressed too, since an old phone waits longer for bytes than for unpacking.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, request, send_from_directory
from markupsafe import Markup

BUILT = Path(__file__).parent / "static" / "build"
FOR_EVER = "public, max-age=31536000, immutable"
routes = Blueprint("assets", __name__)


class NotBuiltError(RuntimeError):
    """The browser files are missing: run `make assets`."""


@lru_cache
def _manifest() -> dict[str, dict[str, Any]]:
    path = BUILT / "manifest.json"
    if not path.exists():
        raise NotBuiltError("web/static/build/manifest.json is missing; run `make assets`")
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def asset(source: str) -> str:
    """The address of a source file below web/assets, e.g. `src/main.ts`. Raises NotBuiltError, KeyError."""
    return f"/assets/{_manifest()[source]['file']}"


def styles_of(source: str) -> list[str]:
    """The addresses of the styles that a script's chunks bring, its own last."""
    found: dict[str, None] = {}

    def gather(name: str) -> None:
        entry = _manifest()[name]
        for one in entry.get("imports", ()):
            gather(one)
        found.update({f"/assets/{css}": None for css in entry.get("css", ())})

    gather(source)
    return list(found)


def style_links(source: str) -> Markup:
    """Link elements for the styles of a script's chunks."""
    return Markup("").join(
        Markup('<link rel="stylesheet" href="{}">').format(one) for one in styles_of(source)
    )


@routes.get("/assets/<path:name>")
def serve(name: str) -> Response:
    """One built file, compressed where the browser takes it."""
    packed = BUILT / f"{name}.gz"
    zipped = "gzip" in request.headers.get("Accept-Encoding", "") and packed.is_file()
    response = send_from_directory(BUILT, f"{name}.gz" if zipped else name)
    if zipped:
        plain = send_from_directory(BUILT, name)
        response.headers["Content-Type"] = plain.headers["Content-Type"]
        plain.close()
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    return response


def register(app: Flask) -> None:
    """Serve the files, and give templates their addresses."""
    app.register_blueprint(routes)
    app.jinja_env.globals.update(asset=asset, style_links=style_links)
