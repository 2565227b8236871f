"""Files for taking away, byte for byte: one by name, or all of a folder as a zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from urllib.parse import quote

from flask import Response

from engine.errors import NotFoundError

_LONG_AGO = (2020, 1, 1, 0, 0, 0)  # the same files give the same bytes


def as_download(files: Mapping[str, bytes], name: str) -> Response:
    """One file; NotFoundError if there is none of that name."""
    if name not in files:
        raise NotFoundError(f"There is no file {name}.", f"没有文件 {name}。")
    return _attached(files[name], name.rpartition("/")[2], "application/octet-stream")


def as_zip(files: Mapping[str, bytes], name: str) -> Response:
    """All files in one archive, in their folders."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, _LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return _attached(buffer.getvalue(), name, "application/zip")


def _attached(data: bytes, name: str, media: str) -> Response:
    response = Response(data, mimetype=media)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response
