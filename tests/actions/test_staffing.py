"""What deployment says about the people who are there: by town, in counts, never in names."""

from __future__ import annotations

from engine.actions.deploy import deploy
from engine.store import people
from engine.types import SYSTEM, Finding
from tests.builders import Office, bpmn, end, start, user


def _findings(office: Office, file: bytes) -> list[Finding]:
    with office.database.write() as tx:
        found = deploy(tx, files={"p.bpmn": file}, actor=SYSTEM, at=office.now).findings
    return [finding for finding in found if finding.code == "nobody-there"]


def _visits(*more: str) -> bytes:
    names = ["visit", "cosign", *(f"m{n}" for n, _ in enumerate(more))]
    path = " ".join(f"{a}>{b}" for a, b in zip(["begin", *names], [*names, "done"], strict=True))
    nodes = user("visit", groups="town.officer, town.leader")
    nodes += user("cosign", groups="town.officer, town.leader", separateFrom="visit")
    return bpmn("p", start() + nodes + "".join(more) + end(), path)


def test_a_role_that_nobody_holds_in_a_staffed_town_is_told_by_count(office: Office) -> None:
    with office.database.write() as tx:
        people.add_account(tx, username="lone", name="单人", name_en="Lone", password_hash="-")
        people.add_position(
            tx, username="lone", role="town.officer", region="350426100", valid_from=office.now.date()
        )
    file = bpmn("p", start() + user("sign", groups="town.leader") + end(), "begin>sign sign>done")
    [finding] = _findings(office, file)
    assert (finding.severity, finding.element_id) == ("warning", "sign")
    assert "in 1 of 4 towns" in finding.en
    assert "350426100" in finding.zh
    assert not {"lone", "单人"} & set(finding.en.split() + finding.zh.split())


def test_three_people_suffice_for_three_tasks_and_not_for_four(office: Office) -> None:
    """Two officers and a leader serve each town of the demo."""
    third = user("m0", groups="town.officer, town.leader", separateFrom="visit, cosign")
    assert _findings(office, _visits(third)) == []
    fourth = user("m1", groups="town.officer, town.leader", separateFrom="visit, cosign, m0")
    [finding] = _findings(office, _visits(third, fourth))
    assert "in 3 of 3 towns" in finding.en


def test_levels_and_numbers_are_counted(office: Office) -> None:
    none = user("m0", groups="town.officer, county.officer", notLevel="county")
    assert _findings(office, _visits(none)) == []
    able = user("m0", groups="town.leader", differentPeople="3", differentOver="visit, cosign, m0")
    assert _findings(office, _visits(able)) == []
    alone = user("m0", groups="town.leader") + user("m1", groups="town.leader")
    file = bpmn(
        "p",
        start() + alone.replace("m1 name", "x") + user("m2", groups="town.leader", differentPeople="2",
                                                     differentOver="m0, m1") + end(),
        "begin>m0 m0>m1 m1>m2 m2>done",
    )  # fmt: skip
    assert {finding.element_id for finding in _findings(office, file)} == {"m0", "m1", "m2"}
