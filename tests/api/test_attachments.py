"""Attachments over HTTP: what may be uploaded, who sees it, how it comes back, what answers may name."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import attachment_store, create_app
from api.settings import Settings
from engine.actions.add_attachment import AttachmentLimits
from engine.clocks import wall
from engine.store.db import Database
from engine.worker import Worker
from tests.api.attachment_files import GOOD, PDF, PRETENDING, UNWANTED
from tests.api.conftest import Caller, Template
from tests.api.refusals import assert_refused


def client_with(database: Database, folder: Path, **limits: int) -> FlaskClient:
    settings = Settings(data=folder, secure_cookies=False, attachment_limits=AttachmentLimits(**limits))
    return create_app(settings, database).test_client(use_cookies=False)


def stored_files(folder: Path) -> list[Path]:
    return [path for path in (folder / "attachments").rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", GOOD)
def test_every_allowed_kind_comes_back_as_it_went_in(
    officer: Caller, case: dict[str, Any], name: str
) -> None:
    content, media = GOOD[name]
    stored = officer.upload(f"/cases/{case['id']}/attachments", name, content)
    assert stored.status_code == 201, stored.text
    found = stored.get_json()
    assert (found["name"], found["type"], found["size"]) == (name, media, len(content))
    assert found["sha256"] == sha256(content).hexdigest()
    assert (found["case_id"], found["used"], found["expires_at"]) == (case["id"], False, None)
    response = officer.get(f"/attachments/{found['id']}")
    assert response.get_data() == content
    assert response.mimetype == media
    assert officer.get(f"/cases/{case['id']}/attachments").get_json()["items"] == [found]


def test_download_can_do_nothing_in_a_browser(officer: Caller, case: dict[str, Any]) -> None:
    found = officer.upload(f"/cases/{case['id']}/attachments", "证明.txt", b"text").get_json()
    headers = officer.get(f"/attachments/{found['id']}").headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%E8%AF%81%E6%98%8E.txt" in headers["Content-Disposition"]
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("what", PRETENDING)
def test_content_that_its_name_denies_is_refused(officer: Caller, case: dict[str, Any], what: str) -> None:
    name, content = PRETENDING[what]
    path = f"/cases/{case['id']}/attachments"
    english = officer.upload(path, name, content, **{"Accept-Language": "en"})
    assert_refused(english, 422, "does not hold what its name says")
    assert english.get_json()["errors"][0]["pointer"] == "/file"
    assert_refused(officer.upload(path, name, content), 422, "与文件名不符")


@pytest.mark.parametrize("name", UNWANTED)
def test_other_kinds_are_refused_with_the_list_of_allowed_ones(
    officer: Caller, case: dict[str, Any], name: str
) -> None:
    response = officer.upload(f"/cases/{case['id']}/attachments", name, PDF)
    assert response.status_code == 422
    assert response.get_json()["code"] == "file-refused"


def test_zip_bomb_is_stored_but_never_unpacked(officer: Caller, case: dict[str, Any]) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    bomb = kept.getvalue()
    assert len(bomb) < 400_000
    assert officer.upload(f"/cases/{case['id']}/attachments", "x.docx", bomb).status_code == 201


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/证明.pdf", "证明.pdf"),
        ("证\u202efdp.\u200bpdf", "证fdp.pdf"),
        ("a<b>|c?.pdf", "a_b__c_.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ("𠮷㐂.pdf", "𠮷㐂.pdf"),
    ],
)
def test_names_lose_what_could_mislead(officer: Caller, case: dict[str, Any], sent: str, kept: str) -> None:
    found = officer.upload(f"/cases/{case['id']}/attachments", sent, PDF).get_json()
    assert found["name"] == kept


def test_empty_file_and_two_files_and_no_file_are_refused(officer: Caller, case: dict[str, Any]) -> None:
    path = f"/cases/{case['id']}/attachments"
    assert_refused(officer.upload(path, "a.pdf", b""), 422, "file-empty")
    assert_refused(officer.post(path), 415, "multipart")
    headers = {"Authorization": f"Bearer {officer.token}"}
    for field, count in (("file", 2), ("other", 1)):
        data = {field: [(io.BytesIO(PDF), f"{number}.pdf") for number in range(count)]}
        assert_refused(officer.http.post(f"/api/v1{path}", data=data, headers=headers), 400, "/file")


def test_bounds_of_file_case_and_number_hold(
    api_database: Database, tmp_path: Path, template: Template, case: dict[str, Any]
) -> None:
    http = client_with(
        api_database,
        tmp_path,
        max_attachment_bytes=100,
        max_case_attachment_bytes=150,
        max_case_attachments=3,
    )
    officer, path = Caller(http, template.tokens["officer"]), f"/cases/{case['id']}/attachments"
    assert_refused(officer.upload(path, "a.pdf", PDF + b"x" * 100), 422, "file-size")
    assert officer.upload(path, "a.pdf", PDF.ljust(100)).status_code == 201
    assert_refused(officer.upload(path, "b.pdf", PDF.ljust(51)), 422, "case-size")
    assert officer.upload(path, "b.pdf", PDF.ljust(40)).status_code == 201
    assert officer.upload(path, "c.txt", b"c").status_code == 201
    assert_refused(officer.upload(path, "d.txt", b"d"), 422, "too-many-files")
    for number in range(3):  # what one person has waiting has the same bounds
        assert officer.upload("/attachments", f"{number}.txt", b"x").status_code == 201
    assert_refused(officer.upload("/attachments", "4.txt", b"x"), 422, "too-many-files")
    other = Caller(http, template.tokens["officer2"])
    assert other.upload("/attachments", "4.txt", b"x").status_code == 201


def test_attachment_is_seen_by_whoever_sees_its_case_and_exists_for_nobody_else(
    officer: Caller, sign_in: Callable[[str], Caller], nobody: Caller, case: dict[str, Any]
) -> None:
    found = officer.upload(f"/cases/{case['id']}/attachments", "a.pdf", PDF).get_json()
    path = f"/attachments/{found['id']}"
    assert sign_in("county").get(path).status_code == 200
    absent = sign_in("designer").get("/attachments/0000000000000")
    for caller, method in ((sign_in("designer"), "GET"), (sign_in("designer"), "DELETE")):
        hidden = caller.call(method, path)
        assert (hidden.status_code, hidden.get_json()) == (404, absent.get_json())
    assert sign_in("designer").get(f"/cases/{case['id']}/attachments").status_code == 404
    upload = sign_in("designer").upload(f"/cases/{case['id']}/attachments", "a.pdf", PDF)
    assert (upload.status_code, upload.get_json()) == (404, absent.get_json())
    assert nobody.get(path).status_code == 401
    assert nobody.upload("/attachments", "a.pdf", PDF).status_code == 401


def test_waiting_attachment_belongs_to_its_uploader_alone(
    officer: Caller, sign_in: Callable[[str], Caller]
) -> None:
    found = officer.upload("/attachments", "a.pdf", PDF).get_json()
    assert found["case_id"] is None
    assert found["expires_at"] is not None
    assert officer.get(f"/attachments/{found['id']}").status_code == 200
    assert sign_in("county").get(f"/attachments/{found['id']}").status_code == 404
    assert_refused(sign_in("designer").upload("/attachments", "a.pdf", PDF), 403, "forbidden")


def test_reading_a_case_file_stands_in_the_audit_log(
    officer: Caller, sign_in: Callable[[str], Caller], case: dict[str, Any]
) -> None:
    found = officer.upload(f"/cases/{case['id']}/attachments", "a.pdf", PDF).get_json()
    sign_in("leader").get(f"/attachments/{found['id']}")
    rows = sign_in("admin").get("/audit?kind=attachment_read").get_json()["items"]
    assert [(row["actor"], row["data"]["attachment"]) for row in rows] == [("leader", found["id"])]


def test_closed_case_takes_no_more_files(officer: Caller, case: dict[str, Any]) -> None:
    officer.post(f"/cases/{case['id']}/withdraw", {"reason": "撤回"})
    assert_refused(officer.upload(f"/cases/{case['id']}/attachments", "a.pdf", PDF), 409, "conflict")


def test_unused_files_go_after_a_day_and_shared_content_stays_while_needed(
    officer: Caller, case: dict[str, Any], api_database: Database, tmp_path: Path
) -> None:
    waiting = officer.upload("/attachments", "a.pdf", PDF).get_json()
    kept = officer.upload(f"/cases/{case['id']}/attachments", "same.pdf", PDF).get_json()
    alone = officer.upload("/attachments", "b.pdf", PDF + b"alone").get_json()
    assert len(stored_files(tmp_path)) == 2  # one content is stored once
    store = attachment_store(Settings(data=tmp_path))
    Worker(api_database, blobs=store).run_due(wall.now() + timedelta(hours=23))
    assert officer.get(f"/attachments/{waiting['id']}").status_code == 200
    Worker(api_database, blobs=store).run_due(wall.now() + timedelta(hours=25))
    assert officer.get(f"/attachments/{waiting['id']}").status_code == 404
    assert officer.get(f"/attachments/{alone['id']}").status_code == 404
    assert officer.get(f"/attachments/{kept['id']}").get_data() == PDF
    assert len(stored_files(tmp_path)) == 1


def test_nothing_of_a_file_lies_readable_on_disk(
    officer: Caller, case: dict[str, Any], tmp_path: Path, api_database: Database
) -> None:
    content = PDF + "张三的银行流水".encode()
    officer.upload(f"/cases/{case['id']}/attachments", "张三的银行流水.pdf", content)
    (file,) = stored_files(tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    assert content[:20] not in file.read_bytes()
    with api_database.read() as tx:
        (name,) = tx.exec_driver_sql("SELECT name FROM attachments").scalars()
    assert "张三".encode() not in name


def test_lost_or_changed_content_is_told_and_not_served(
    officer: Caller, case: dict[str, Any], tmp_path: Path
) -> None:
    found = officer.upload(f"/cases/{case['id']}/attachments", "a.pdf", PDF).get_json()
    (file,) = stored_files(tmp_path)
    shutil.copy(file, tmp_path / "kept")
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    assert officer.get(f"/attachments/{found['id']}").status_code == 500
    file.unlink()
    response = officer.get(f"/attachments/{found['id']}")
    assert (response.status_code, response.get_json()["code"]) == (500, "attachment-unreadable")


def test_same_upload_with_one_key_is_one_attachment(officer: Caller, case: dict[str, Any]) -> None:
    path = f"/cases/{case['id']}/attachments"
    first = officer.upload(path, "a.pdf", PDF, **{"Idempotency-Key": "k"})
    again = officer.upload(path, "a.pdf", PDF, **{"Idempotency-Key": "k"})
    assert again.get_json() == first.get_json()
    assert len(officer.get(path).get_json()["items"]) == 1


def test_limits_come_from_the_environment() -> None:
    found = Settings.from_environment(
        {"AIDFLOW_MAX_ATTACHMENT_BYTES": "5", "AIDFLOW_UNUSED_ATTACHMENT_HOURS": "2"}
    )
    assert found.attachment_limits == replace(
        AttachmentLimits(), max_attachment_bytes=5, unused_attachment_hours=2
    )
    with pytest.raises(ValueError, match="max_case_attachments"):
        Settings.from_environment({"AIDFLOW_MAX_CASE_ATTACHMENTS": "0"})
