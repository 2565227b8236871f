"""The inclusive gateway: several ways out, and a join that waits only for tokens that can still come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from .bpmn import boundary, end, file, gateway, process, start, timer, user
from .driving import Drive, parsed

PROCESSES = parsed(
    file(
        process(
            "p",
            start(),
            gateway("inclusive", "o", default="o_d"),
            user("a"),
            user("b"),
            user("c"),
            user("d"),
            gateway("inclusive", "j"),
            user("after"),
            end(),
            arrows="s > o\n o > a | =a\n o > b | =b\n o > c | =c\n o > d | default\n"
            "a > j\n b > j\n c > j\n d > j\n j > after > e",
        )
    )
)


@given(
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()), order=st.permutations(["a", "b", "c", "d"])
)
def test_join_fires_once_when_every_started_branch_is_done(flags: tuple[bool, ...], order: list[str]) -> None:
    case = Drive(PROCESSES, variables=dict(zip("abc", flags, strict=True)))
    started = [name for name, on in zip("abc", flags, strict=True) if on] or ["d"]
    assert case.open == started
    for name in [n for n in order if n in started]:
        assert "after" not in case.open
        case.complete(name)
    assert case.open == ["after"]
    case.complete("after")
    assert case.status == "completed"
    assert case.done.count("j") == 1


def test_join_waits_for_a_token_that_may_still_arrive_by_a_boundary_event() -> None:
    case = Drive(
        parsed(
            file(
                process(
                    "p",
                    start(),
                    gateway("parallel", "f"),
                    user("a"),
                    user("b"),
                    boundary("late", "b", timer("PT1H")),
                    gateway("inclusive", "j"),
                    user("after"),
                    end(),
                    end("e2"),
                    arrows="s > f > a > j > after > e\n f > b > e2\n late > j",
                )
            )
        )
    )
    case.complete("a")
    assert case.open == ["b"]
    case.complete("b")
    assert case.open == ["after"]


def test_join_waits_for_a_token_that_has_not_yet_reached_the_activity_with_the_boundary_event() -> None:
    case = Drive(
        parsed(
            file(
                process(
                    "p",
                    start(),
                    gateway("parallel", "f"),
                    user("a"),
                    user("before"),
                    user("b"),
                    boundary("late", "b", timer("PT1H")),
                    gateway("inclusive", "j"),
                    user("after"),
                    end(),
                    end("e2"),
                    arrows="s > f > a > j > after > e\n f > before > b > e2\n late > j",
                )
            )
        )
    )
    case.complete("a")
    assert case.open == ["before"]
    case.complete("before").fire("late")
    assert case.open == ["after"]
    case.complete("after")
    assert case.status == "completed"


def test_no_true_flow_and_no_default_is_a_failure_that_can_be_repaired() -> None:
    case = Drive(
        parsed(
            file(
                process(
                    "p",
                    start(),
                    gateway("exclusive", "x"),
                    user("a"),
                    user("b"),
                    end(),
                    arrows="s > x\n x > a | =n = 1\n x > b | =n = 2\n a > e\n b > e",
                )
            )
        )
    )
    assert [(f.element_id, f.code) for f in case.failures] == [("x", "incident")]
    case.instance.set_variables({"n": 2})
    case.run()
    assert case.failures == []
    assert case.open == ["b"]
