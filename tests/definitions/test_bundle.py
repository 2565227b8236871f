"""Bundles and definitions: what is read, what belongs together, and when content is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definitions import cached_definition, read_bundle, read_folder
from engine.definitions.files import MAX_FILES
from engine.errors import DeploymentError, NotFoundError

from .bpmn_builder import (
    around,
    decision,
    definitions,
    end,
    ext,
    flow,
    form,
    parameters,
    process,
    prop,
    start,
    tag,
    user,
)


def rule(decision_id: str) -> str:
    return tag("businessRuleTask", ext(tag("zeebe:calledDecision", decisionId=decision_id)), id="r")


def call(key: str) -> str:
    return tag("callActivity", ext(tag("zeebe:calledElement", processId=key)), id="c")


PARENT = definitions(
    process(
        ext(tag("zeebe:versionTag", value="1.2"), prop(clock__total="workdays(20)")),
        start(form="apply"),
        user("u", form="check"),
        call("child"),
        end(),
        flow("begin > u > c > done"),
        id="parent",
        name="父流程",
    )
)
CHILD = definitions(process(start("b"), rule("amount"), end("e"), flow("b > r > e"), id="child"))
FILES = {
    "parent.bpmn": PARENT,
    "child.bpmn": CHILD,
    "other.bpmn": around(user("t")),
    "apply.form": form("apply", name="textfield"),
    "check.form": form("check"),
    "unused.form": form("unused"),
    "amount.dmn": decision("amount", "1"),
    "other.dmn": decision("other", "1"),
    "parameters.yaml": parameters(),
    "story.yaml": b"scenario: a story\nprocess: parent\n",
}


def test_a_bundle_knows_its_parts_by_id() -> None:
    bundle = read_bundle(FILES)
    assert set(bundle.processes) == {"parent", "child", "p"}
    assert set(bundle.forms) == {"apply", "check", "unused"}
    assert set(bundle.decisions) == {"amount", "other"}
    assert "dibao.total" in bundle.parameters
    assert bundle.processes["parent"].name == "父流程"


def test_a_definition_is_what_one_process_needs() -> None:
    found = read_bundle(FILES).definition("parent")
    assert list(found.files) == [
        "amount.dmn", "apply.form", "check.form", "child.bpmn", "parameters.yaml", "parent.bpmn",
    ]  # fmt: skip
    assert (found.key, found.name, found.version_tag) == ("parent", "父流程", "1.2")
    assert dict(found.properties) == {"clock:total": "workdays(20)"}
    assert found.start_form is found.forms["apply"]
    assert set(found.decisions) == {"amount"}
    assert found.files["parent.bpmn"] == PARENT


def test_a_definition_read_from_its_own_files_is_the_same() -> None:
    found = read_bundle(FILES).definition("parent")
    again = read_bundle(found.files).definition("parent")
    assert again.hash == found.hash
    assert dict(again.files) == dict(found.files)


def test_an_imported_decision_model_belongs_to_the_definition() -> None:
    importing = decision("amount", "1").replace(
        b'<decision id="amount"',
        b'<import name="other" namespace="http://example.org/other" '
        b'importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/><decision id="amount"',
    )
    files = {**FILES, "amount.dmn": importing}
    assert "other.dmn" in read_bundle(files).definition("child").files


def hash_of(key: str = "parent", **changed: bytes) -> str:
    return (
        read_bundle({**FILES, **{name.replace("_", "."): data for name, data in changed.items()}})
        .definition(key)
        .hash
    )


def test_what_means_the_same_has_the_same_hash() -> None:
    same = hash_of()
    spaced = PARENT.replace(b"><", b">\n  <").replace(b"</bpmn:process>", b"<!-- a note --></bpmn:process>")
    assert hash_of(parent_bpmn=spaced) == same
    turned = PARENT.replace(b'id="begin_u" sourceRef="begin"', b'sourceRef="begin"   id="begin_u"')
    assert turned != PARENT
    assert hash_of(parent_bpmn=turned) == same
    assert hash_of(apply_form=form("apply", name="textfield").replace(b", ", b",\n    ")) == same
    assert hash_of(parameters_yaml=b"# the law\n" + parameters()) == same
    assert hash_of(unused_form=form("unused", more="number"), other_dmn=decision("other", "2")) == same


def test_file_names_do_not_count() -> None:
    moved = {f"folder/{name}": data for name, data in FILES.items()}
    assert read_bundle(moved).definition("parent").hash == hash_of()


@pytest.mark.parametrize(
    "changed",
    [
        {"parent_bpmn": PARENT.replace("父流程".encode(), "母流程".encode())},
        {"child_bpmn": CHILD.replace(b'id="b"', b'id="b" name="x"')},
        {"apply_form": form("apply", name="textarea")},
        {"amount_dmn": decision("amount", "2")},
        {"parameters_yaml": parameters().replace(b"20,", b"21,")},
    ],
)
def test_what_means_something_else_has_another_hash(changed: dict[str, bytes]) -> None:
    assert hash_of(**changed) != hash_of()


def test_two_processes_of_one_file_are_two_definitions() -> None:
    other = process(start("b2"), end("e2"), flow("b2 > e2"), id="q")
    bundle = read_bundle({"two.bpmn": definitions(process(start(), end(), flow("begin > done")), other)})
    assert bundle.definition("p").hash != bundle.definition("q").hash
    assert bundle.definition("p").files == bundle.definition("q").files


def test_an_unknown_key_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="nothere"):
        read_bundle(FILES).definition("nothere")


def test_a_definition_is_parsed_once() -> None:
    found = read_bundle(FILES).definition("child")
    first = cached_definition("child", found.files)
    assert cached_definition("child", dict(found.files)) is first
    assert first.hash == found.hash


def test_the_same_content_under_other_names_keeps_its_names() -> None:
    found = read_bundle(FILES).definition("child")
    cached_definition("child", found.files)
    renamed = {f"other/{name}": data for name, data in found.files.items()}
    again = cached_definition("child", renamed)
    assert again.hash == found.hash
    assert again.files.keys() == renamed.keys()


# refusals


def refusals(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(DeploymentError) as caught:
        read_bundle(files)
    assert all(error.zh and error.en for error in caught.value.errors)
    return [error.en for error in caught.value.errors]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("notes.txt", b"hello", "Unknown kind"),
        ("p.bpmn", b"", "Broken XML"),
        ("p.bpmn", b"<a>", "Broken XML"),
        ("p.bpmn", b"\xff\xfe\x00", "Broken XML"),
        ("p.bpmn", b"<svg/>", "Not a BPMN"),
        ("p.bpmn", b"<a>" * 10_000 + b"</a>" * 10_000, ""),
        ("f.form", b"{", "Broken JSON"),
        ("f.form", b'{"a": NaN}', "NaN"),
        ("f.form", b'{"a": 1e999}', "1e999"),
        ("f.form", b'{"a": 1, "a": 2}', "twice"),
        ("f.form", b'{"a": "\\ud800"}', "Broken JSON"),
        ("f.form", b"[" * 100_000, "deeper"),
        ("f.form", b"[" * 100 + b"]" * 100, "deeper"),
        ("f.form", b"\xff", "Broken JSON"),
        ("f.form", b"[]", ""),
        ("d.dmn", b"<a/>", "DMN"),
        ("y.yaml", b"a: [", ""),
        ("y.yaml", b"- 1", "top level"),
        ("y.yaml", b"other: 1", "top level"),
        ("y.yaml", b"parameters: {a: 1}", "list"),
        ("y.yaml", b"a: &x 1\nb: *x", "aliases"),
        ("y.yaml", b"a: !!python/object/apply:os.system ['true']", ""),
        ("y.yaml", b"[" * 50_000, ""),
    ],
)
def test_unreadable_files_are_refused_by_name(name: str, data: bytes, reason: str) -> None:
    [message] = refusals({name: data})
    assert name in message
    assert reason in message


BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (i, b"&a%s;" % (str(i - 1).encode() if i else b"") * 10) for i in range(9)
    )
    + b"]><b>&a8;</b>"
)
EXTERNAL = b'<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><b>&x;</b>'


@pytest.mark.parametrize("data", [BOMB, EXTERNAL, b'<!DOCTYPE b SYSTEM "http://example.org/x.dtd"><b/>'])
@pytest.mark.parametrize("name", ["p.bpmn", "d.dmn"])
def test_entities_and_document_types_are_refused(name: str, data: bytes) -> None:
    [message] = refusals({name: data})
    assert name in message
    assert "root:" not in message


@pytest.mark.parametrize("name", ["p.bpmn", "d.dmn", "f.form", "y.yaml"])
def test_a_hundred_megabytes_are_refused_unread(name: str) -> None:
    [message] = refusals({name: b" " * 100_000_000})
    assert "10 MB" in message


def test_too_many_files_are_refused() -> None:
    assert str(MAX_FILES) in refusals({f"{i}.form": b"{}" for i in range(MAX_FILES + 1)})[0]


def test_every_bad_file_is_named_at_once() -> None:
    found = refusals({"a.bpmn": b"<a>", "b.form": b"{", "c.txt": b""})
    assert len(found) == 3


@pytest.mark.parametrize(
    "files",
    [
        {"a.bpmn": around(user("t")), "b.bpmn": around(user("t"))},
        {"a.bpmn": definitions(process(start(), id="p"), process(start(), id="p"))},
        {"a.form": form("x"), "b.form": form("x")},
        {"a.dmn": decision("x", "1"), "b.dmn": decision("x", "2")},
        {
            "a.dmn": decision("x", "1"),
            "b.dmn": decision("x", "2").replace(b"example.org/x", b"example.org/y"),
        },
        {"a.yaml": parameters(), "b.yaml": parameters()},
    ],
    ids=["process", "process in one file", "form", "namespace", "decision", "parameter"],
)
def test_an_id_that_two_files_claim_is_refused(files: dict[str, bytes]) -> None:
    assert refusals(files)


# folders


def test_a_folder_is_read_with_the_forms_that_stand_beside_it(tmp_path: Path) -> None:
    below = tmp_path / "processes" / "one"
    below.mkdir(parents=True)
    (tmp_path / "forms").mkdir()
    (tmp_path / "processes" / ".hidden").mkdir()
    for path in ("one/p.bpmn", "one/README.md", "standards.yaml", ".hidden/x.bpmn", "one/own.form"):
        (tmp_path / "processes" / path).write_bytes(path.encode())
    (tmp_path / "forms" / "apply.form").write_bytes(b"{}")
    found = read_folder(tmp_path / "processes")
    assert set(found) == {"one/p.bpmn", "one/own.form", "standards.yaml", "forms/apply.form"}
    assert found["one/p.bpmn"] == b"one/p.bpmn"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeploymentError, match="no such folder"):
        read_folder(tmp_path / "gone")


def test_a_form_in_and_beside_a_folder_is_refused(tmp_path: Path) -> None:
    for folder in ("processes/forms", "forms"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.form").write_bytes(b"{}")
    with pytest.raises(DeploymentError, match="in and beside"):
        read_folder(tmp_path / "processes")
