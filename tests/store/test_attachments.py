"""Where contents lie, how names are cleaned, and what happens when a store is used by several at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.store import LocalStore, MemoryStore

from engine.actions import rotate_keys
from engine.actions.add_attachment import AttachmentLimits, add_attachment
from engine.actions.attachments import forget_unused, read_attachment
from engine.actions.file_types import LONGEST_NAME, clean_name, type_of
from engine.actions.views import AttachmentView
from engine.store import keys, people, resealing
from engine.store.blobs import BlobFault, Blobs, FolderBlobs, ObjectBlobs, open_blobs
from engine.store.db import Database
from engine.store.ids import read_id
from engine.types import SYSTEM, Actor
from engine.vault import Vault
from tests.api.attachment_files import GOOD, PDF, too_many_entries
from tests.builders import TUESDAY

NAME = sha256(PDF).hexdigest()


@pytest.fixture(params=["folder", "memory", "local object store"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return FolderBlobs(tmp_path / "deep" / "attachments")
    return ObjectBlobs(MemoryStore() if request.param == "memory" else LocalStore(tmp_path))


def test_every_store_keeps_what_is_put_last(blobs: Blobs) -> None:
    assert not blobs.has(NAME)
    blobs.put(NAME, b"first")
    assert blobs.has(NAME)
    blobs.put(NAME, b"sealed anew")
    assert blobs.get(NAME) == b"sealed anew"
    blobs.remove(NAME)
    blobs.remove(NAME)
    assert not blobs.has(NAME)
    with pytest.raises(BlobFault):
        blobs.get(NAME)


def test_folder_spreads_files_and_keeps_them_from_others(tmp_path: Path) -> None:
    FolderBlobs(tmp_path / "a").put(NAME, b"x")
    (file,) = (path for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert file == tmp_path / "a" / NAME[:2] / NAME[2:4] / NAME
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o077 == 0


def test_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / NAME[:2] / NAME[2:4] / NAME).mkdir(parents=True)  # renaming onto a folder fails late
    with pytest.raises(OSError, match="directory"):
        FolderBlobs(tmp_path).put(NAME, b"x")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_address_says_what_store_it_is(tmp_path: Path) -> None:
    assert isinstance(open_blobs("", default=tmp_path), FolderBlobs)
    assert isinstance(open_blobs(str(tmp_path / "x"), default=tmp_path), FolderBlobs)
    assert isinstance(open_blobs("memory:///", default=tmp_path), ObjectBlobs)
    assert isinstance(open_blobs("s3://bucket/prefix", default=tmp_path), ObjectBlobs)


@given(st.text(max_size=300))
def test_cleaned_names_mislead_nobody(name: str) -> None:
    cleaned = clean_name(name)
    assert len(cleaned) <= LONGEST_NAME
    assert not set(cleaned) & set('/\\<>:"|?*\0\n\r\u202e\u200b\u2066\ufeff')
    assert cleaned == clean_name(cleaned)
    assert cleaned.strip(" .") == cleaned
    cleaned.encode()


def test_windows_path_is_no_part_of_a_name() -> None:
    assert clean_name("C:\\Users\\张三\\证明.pdf") == "证明.pdf"


@given(st.binary(max_size=300))
def test_any_bytes_have_a_type_or_none(content: bytes) -> None:
    assert type_of(content) in {None, *(media for _, media in GOOD.values())}


def test_archive_with_a_huge_table_of_contents_is_not_read() -> None:
    assert type_of(too_many_entries()) is None


def clerk(database: Database) -> Actor:
    with database.read() as tx:
        found = people.find_actor(tx, "officer", TUESDAY.date())
    assert found is not None
    return found


def test_upload_and_sweep_at_once_lose_no_content(database: Database, tmp_path: Path) -> None:
    """The sweep removes a content that an upload brings again at that moment; the upload wins."""
    blobs, actor, at = FolderBlobs(tmp_path), clerk(database), TUESDAY
    limits = AttachmentLimits(max_case_attachments=1000)
    barrier = threading.Barrier(2)
    ids: list[str] = []
    failures: list[BaseException] = []

    def upload() -> None:
        for number in range(25):
            barrier.wait()
            with database.write() as tx:
                now = at + timedelta(hours=30 * number)
                view = add_attachment(
                    tx, name="a.pdf", content=PDF, actor=actor, at=now, blobs=blobs, limits=limits
                )
            ids.append(view.id)
            with database.read() as tx:
                assert blobs.get(NAME)

    def sweep() -> None:
        for number in range(25):
            barrier.wait()
            forget_unused(database, blobs, at + timedelta(hours=30 * number - 1))

    def run(job: object) -> None:
        try:
            job()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)
            barrier.abort()

    threads = [threading.Thread(target=run, args=(job,)) for job in (upload, sweep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    last = read_id(ids[-1])
    with database.write() as tx:
        _, content = read_attachment(
            tx, attachment_id=last, actor=actor, at=at + timedelta(days=40), blobs=blobs
        )
    assert content == PDF


def attach(database: Database, blobs: Blobs, actor: Actor) -> AttachmentView:
    with database.write() as tx:
        return add_attachment(
            tx, name="a.pdf", content=PDF, actor=actor, at=TUESDAY, blobs=blobs, limits=AttachmentLimits()
        )


def read(database: Database, blobs: Blobs, actor: Actor, view: AttachmentView) -> bytes:
    with database.write() as tx:
        found, content = read_attachment(
            tx, attachment_id=read_id(view.id), actor=actor, at=TUESDAY, blobs=blobs
        )
    assert found == view
    return content


def test_leftover_of_a_lost_key_does_not_spoil_the_next_upload_of_the_same_content(
    database: Database, tmp_path: Path
) -> None:
    """An upload that rolled back leaves a content that no row knows, so that no rotation seals it anew."""
    blobs, actor = FolderBlobs(tmp_path), clerk(database)
    blobs.put(NAME, Vault.ephemeral().seal(PDF, b"another key's"))
    view = attach(database, blobs, actor)
    assert read(database, blobs, actor, view) == PDF


def test_rotation_seals_contents_and_names_anew_and_then_the_old_key_can_go(
    database: Database, tmp_path: Path
) -> None:
    blobs, actor = FolderBlobs(tmp_path), clerk(database)
    view = attach(database, blobs, actor)
    before, old = blobs.get(NAME), database.vault.ring()[0].id.hex()
    rotate_keys.begin_rotation(database, actor=SYSTEM, at=TUESDAY)
    list(rotate_keys.seal_all_anew(database))
    with pytest.raises(keys.KeyInUseError):
        rotate_keys.retire_key(database, key_id=old, actor=SYSTEM, at=TUESDAY)
    assert sum(rotate_keys.seal_blobs_anew(database, blobs)) == 1
    assert sum(rotate_keys.seal_blobs_anew(database, blobs)) == 0
    rotate_keys.retire_key(database, key_id=old, actor=SYSTEM, at=TUESDAY)
    assert blobs.get(NAME) != before
    assert read(database, blobs, actor, view) == PDF


def test_content_that_is_lost_holds_up_no_rotation_and_keeps_its_key(
    database: Database, tmp_path: Path
) -> None:
    blobs, actor = FolderBlobs(tmp_path), clerk(database)
    attach(database, blobs, actor)
    blobs.remove(NAME)
    rotate_keys.begin_rotation(database, actor=SYSTEM, at=TUESDAY)
    assert sum(rotate_keys.seal_blobs_anew(database, blobs)) == 0
    attach(database, blobs, actor)  # brings it back, under the current key
    with database.read() as tx:
        assert set(resealing.count_sealed(tx)) >= {database.vault.ring()[0].id.hex()}
    assert blobs.has(NAME)
