"""The plain elements: tasks, exclusive, parallel and inclusive gateways, ends."""

from __future__ import annotations

from .bpmn import end, file, gateway, process, script, start, user
from .driving import Drive, parsed


def test_user_tasks_in_a_row_open_one_after_the_other() -> None:
    case = Drive(parsed(file(process("p", start(), user("a"), user("b"), end(), arrows="s > a > b > e"))))
    assert case.open == ["a"]
    case.complete("a", amount=3)
    assert case.open == ["b"]
    case.complete("b")
    assert case.status == "completed"
    assert case.instance.outcome == "e"
    assert case.variables == {"amount": 3}
    assert case.taken == ["s_a", "a_b", "b_e"]
    assert case.done == ["s", "a", "b", "e"]


def test_ids_that_the_library_reserves_work() -> None:
    case = Drive(
        parsed(
            file(process("p", start("Start"), user("Root"), end("End"), arrows="Start > Root > End")),
        )
    )
    case.complete("Root")
    assert case.status == "completed"


def test_exclusive_gateway_takes_the_first_true_flow_and_else_the_default() -> None:
    processes = parsed(
        file(
            process(
                "p",
                start(),
                gateway("exclusive", "x", default="x_c"),
                user("a"),
                user("b"),
                user("c"),
                end(),
                arrows="s > x\n x > a | =n > 10\n x > b | =n > 5\n x > c | default\n a > e\n b > e\n c > e",
            )
        )
    )
    assert [Drive(processes, variables={"n": n}).open for n in (11, 6, 1)] == [["a"], ["b"], ["c"]]


def test_parallel_branches_meet_at_the_join() -> None:
    case = Drive(
        parsed(
            file(
                process(
                    "p",
                    start(),
                    gateway("parallel", "f"),
                    user("a"),
                    user("b"),
                    gateway("parallel", "j"),
                    script("t", "=x + y", "z"),
                    end(),
                    arrows="s > f > a > j > t > e\n f > b > j",
                )
            )
        )
    )
    assert case.open == ["a", "b"]
    case.complete("b", x=1)
    assert case.open == ["a"]
    case.complete("a", y=2)
    assert case.status == "completed"
    assert case.variables["z"] == 3
    assert case.done.count("j") == 1
