"""Operators' commands: what they print, what they leave behind, and what they say when they can't."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import main
from engine.actions.deploy import deploy
from engine.actions.open_case import open_case
from engine.clocks import wall
from engine.store import people
from engine.store.db import open_database
from tests.api.conftest import Template
from tests.builders import bpmn, copy_database, end, start, user
from tests.tampering import drop_triggers

PASSWORD = "three towns and a river"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def aidflow(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `aidflow words…` and returns exit code, standard output and standard error."""

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["aidflow", *words])
        code: int | str | None = 0
        try:
            main()
        except SystemExit as left:
            code = left.code
        written = capsys.readouterr()
        return int(code or 0), written.out, written.err

    return run


@pytest.fixture
def data(template: Template, tmp_path: Path) -> str:
    """A folder with a database that has the demo people."""
    copy_database(template.path, tmp_path)
    return f"--data={tmp_path}"


@pytest.mark.parametrize(
    "command", [["verify"], ["export"], ["worker", "--once"], ["token", "add", "officer", "--name", "x"]]
)
def test_folder_without_a_database_is_named_and_left_alone(
    command: list[str], aidflow: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "mistyped"
    code, _, said = aidflow(*command, "--data", str(folder))
    assert code == 1
    assert str(folder) in said
    assert "db upgrade" in said
    assert not folder.exists()


def test_upgrade_makes_a_database_ready_for_people_and_files(aidflow: Run, tmp_path: Path) -> None:
    data = f"--data={tmp_path / 'new' / 'folder'}"
    assert aidflow("db", "upgrade", data)[0] == 0
    held = ("--position", "town.officer@350481100", "--position", "designer@3504")
    assert aidflow("user", "add", "li", "--name", "李", "--password", PASSWORD, *held, data)[0] == 0
    code, secret, when = aidflow("token", "add", "li", "--name", "nightly", data)
    assert (code, len(secret.strip()) > 20, "expires" in when) == (0, True, True)
    assert aidflow("verify", data)[:2] == (0, "0 cases, 0 events checked; 0 problems\n")
    assert aidflow("worker", "--once", data)[:2] == (0, "0 done\n")


def test_database_of_another_release_is_refused_with_what_to_do(aidflow: Run, data: str) -> None:
    path = Path(data.removeprefix("--data=")) / "aidflow.db"
    database = open_database(f"sqlite:///{path}")
    with database.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    code, _, said = aidflow("verify", data)
    assert (code, "aidflow db upgrade" in said) == (1, True)
    with database.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = 'future'")
    database.close()
    code, _, said = aidflow("db", "upgrade", data)
    assert (code, "another release" in said) == (1, True)


@pytest.mark.parametrize(
    ("address", "place"), [("nonsense", "URL"), ("sqlite:////no/such/folder/a.db", "unable to open")]
)
def test_database_that_cannot_be_opened_is_said_in_one_line(address: str, place: str, aidflow: Run) -> None:
    code, _, said = aidflow("verify", "--database", address)
    assert code == 1
    assert place in said
    assert len(said.splitlines()) == 1


def test_database_that_cannot_be_written_is_said_in_one_line(aidflow: Run, data: str) -> None:
    path = f"{data.removeprefix('--data=')}/aidflow.db"
    address = f"sqlite:///file:{path}?mode=ro&uri=true"
    assert aidflow("verify", "--database", address)[0] == 0
    code, _, said = aidflow("user", "password", "officer", "--password", PASSWORD, "--database", address)
    assert code == 1
    assert "readonly" in said
    assert len(said.splitlines()) == 1


def test_file_in_place_of_the_folder_is_named(aidflow: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, _, said = aidflow("db", "upgrade", "--data", str(tmp_path / "file"))
    assert code == 1
    assert "file" in said


@pytest.mark.parametrize(
    ("words", "code", "place"),
    [
        (("user", "add", "officer", "--name", "x", "--password", PASSWORD), 1, "officer"),
        (("user", "add", "x", "--name", "x", "--password", PASSWORD, "--position", "town.officer"), 2, "@"),
        (("user", "add", "x", "--name", "x", "--password", PASSWORD, "--position", "a@99"), 1, "99"),
        (("user", "password", "nobody", "--password", PASSWORD), 1, "nobody"),
        (("token", "add", "nobody", "--name", "x"), 1, "nobody"),
        (("deploy", "/no/such/folder"), 2, "/no/such/folder"),
        (("export", "--out", "/no/such/folder/x"), 1, "/no/such/folder/x"),
    ],
)
def test_wrong_words_are_named(
    words: tuple[str, ...], code: int, place: str, aidflow: Run, data: str
) -> None:
    left, _, said = aidflow(*words, data)
    assert left == code
    assert place in said


def test_demo_refuses_to_listen_beyond_loopback(aidflow: Run, tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):  # noqa: S104 - refused
        code, _, said = aidflow("serve", "--demo", "--host", host, "--data", str(tmp_path / "x"))
        assert (code, "loopback" in said) == (2, True)
    assert not (tmp_path / "x").exists()


def test_taken_port_is_said_with_the_way_out_before_anything_is_made(aidflow: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, said = aidflow("serve", "--port", port, "--data", str(tmp_path / "x"))
    assert code == 1
    assert port in said
    assert "PORT=" in said
    assert not (tmp_path / "x").exists()


def test_deployment_is_told_by_version_and_the_same_again_as_no_change(
    aidflow: Run, data: str, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    process = bpmn("p", start() + user("work") + end(), "begin>work work>done")
    (folder / "p.bpmn").write_bytes(process)
    code, first, _ = aidflow("deploy", str(folder), data)
    assert (code, "p version 1" in first, "nothing changed" in first) == (0, True, False)
    code, again, _ = aidflow("deploy", str(folder), data)
    assert (code, "p version 1" in again, "nothing changed" in again) == (0, True, True)
    (folder / "p.bpmn").write_bytes(process[:-20])
    code, _, said = aidflow("deploy", str(folder), data)
    assert (code, "p.bpmn" in said) == (1, True)


def test_verify_finds_what_was_changed_behind_its_back(aidflow: Run, data: str, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'aidflow.db'}")
    process = bpmn("p", start() + user("work") + end(), "begin>work work>done")
    at = wall.now()
    with database.write() as tx:
        designer = people.find_actor(tx, "designer", at.date())
        officer = people.find_actor(tx, "officer", at.date())
        assert designer is not None
        assert officer is not None
        deploy(tx, files={"p.bpmn": process}, actor=designer, at=at)
        case = open_case(tx, process="p", region="350481100", answers={}, actor=officer, at=at)
    assert aidflow("verify", data)[0] == 0
    out = tmp_path / "cases.jsonl"
    assert aidflow("export", "--out", str(out), data)[0] == 0
    [exported] = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert case.number in json.dumps(exported)
    with database.write() as tx:
        drop_triggers(tx)
        tx.exec_driver_sql("UPDATE events SET actor = 'leader'")
    database.close()
    code, counted, said = aidflow("verify", data)
    assert (code, case.number in said, "0 problems" in counted) == (1, True, False)
