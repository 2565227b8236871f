"""Where the content of attachments lies, by its hash: a local folder, or an object store such as S3.

Knows nothing of keys: it is handed sealed bytes. The folder is outside of whatever serves pages, readable
by the service alone, and what was put into it survives a power cut.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.errors import EngineFault

if TYPE_CHECKING:
    from obstore.store import ObjectStore


class BlobFault(EngineFault):
    """The content of this attachment cannot be read from its store."""

    code = "attachment-unreadable"
    default_zh = "附件内容无法从存储中读取。"


class Blobs(Protocol):
    """A store of bytes by name. Names are lower-case hex."""

    def has(self, name: str) -> bool:
        """Whether there are bytes of this name."""

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes for good before returning, wholly or not at all, instead of any that are there."""

    def get(self, name: str) -> bytes:
        """The bytes; `BlobFault` if they are not there."""

    def remove(self, name: str) -> None:
        """Forget the bytes; does nothing if they are gone."""


class FolderBlobs:
    """Files in `<folder>/ab/cd/abcd…`, written beside and renamed, both made durable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name[2:4] / name

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        _make_folders(path.parent)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.rename(path)
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def get(self, name: str) -> bytes:
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            raise BlobFault from error

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)


class ObjectBlobs:
    """Objects `ab/cd/abcd…` in whatever `obstore` speaks to: S3 and its like, or memory for tests."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def _path(self, name: str) -> str:
        return f"{name[:2]}/{name[2:4]}/{name}"

    def has(self, name: str) -> bool:
        import obstore

        try:
            obstore.head(self._store, self._path(name))
        except FileNotFoundError:
            return False
        return True

    def put(self, name: str, data: bytes) -> None:
        import obstore

        obstore.put(self._store, self._path(name), data)

    def get(self, name: str) -> bytes:
        import obstore

        try:
            return bytes(obstore.get(self._store, self._path(name)).bytes())
        except (FileNotFoundError, obstore.exceptions.BaseError) as error:
            raise BlobFault from error

    def remove(self, name: str) -> None:
        import obstore

        try:
            obstore.delete(self._store, self._path(name))
        except FileNotFoundError:
            return


def open_blobs(address: str, *, default: Path) -> Blobs:
    """The store at a folder or a URL (`s3://bucket/prefix`, `memory://`); without one, the default folder.

    Credentials and endpoint of S3 come from the environment (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT` …).
    """
    if "://" not in address:
        return FolderBlobs(Path(address) if address else default)
    from obstore.store import from_url  # a binary of 20 MB that a folder does not need

    return ObjectBlobs(from_url(address))


def _make_folders(folder: Path) -> None:
    """Make the missing folders, each entered durably into the one above."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """A new name in a folder is on disk only when the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
