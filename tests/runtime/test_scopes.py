"""Variables: one scope a process, children for nested parts, results go to who holds the name."""

from __future__ import annotations

import pytest

from engine import feel
from engine.errors import BoundError

from .bpmn import (
    call,
    element,
    end,
    file,
    gateway,
    mappings,
    process,
    script,
    service,
    start,
    sub,
    user,
    zeebe,
)
from .driving import Drive, parsed


def test_input_mapping_makes_a_local_scope_that_ends_with_the_task() -> None:
    task = user("a", ext=mappings(inputs={"local": "=x + 1", "twice": "=local * 2"}))
    case = Drive(parsed(file(process("p", start(), task, end(), arrows="s > a > e"))), variables={"x": 1})
    assert case.instance.user_tasks()[0].scope["twice"] == 4
    case.complete("a", local=9, other=1)
    assert case.variables == {"x": 1, "other": 1}


def test_output_mapping_lets_only_its_targets_out() -> None:
    task = user("a", ext=mappings(outputs={"total": "=n * 2", "who.name": "=name"}))
    case = Drive(parsed(file(process("p", start(), task, end(), arrows="s > a > e"))))
    case.complete("a", n=4, name="张三", secret=1)
    assert case.variables == {"total": 8, "who": {"name": "张三"}}


def test_output_mapping_into_an_entry_keeps_the_other_entries() -> None:
    task = user("a", ext=mappings(outputs={"who.phone.home": "=n"}))
    case = Drive(
        parsed(file(process("p", start(), task, end(), arrows="s > a > e"))),
        variables={"who": {"name": "张三", "phone": {"work": 1}}},
    )
    case.complete("a", n=2)
    assert case.variables == {"who": {"name": "张三", "phone": {"work": 1, "home": 2}}}


def test_parallel_branches_see_each_others_variables_at_once() -> None:
    case = Drive(
        parsed(
            file(
                process(
                    "p",
                    start(),
                    gateway("parallel", "f"),
                    user("a"),
                    user("b"),
                    end(),
                    arrows="s > f > a > e\n f > b > e",
                )
            )
        )
    )
    case.complete("a", found=True)
    assert case.instance.user_tasks()[0].scope["found"] is True


def nested(ext: str) -> bytes:
    inner = sub(
        "sp",
        start("is"),
        script("t", "=mine + 1", "mine"),
        user("a"),
        end("ie"),
        arrows="is > t > a > ie",
        ext=ext,
    )
    return file(process("p", start(), inner, end(), arrows="s > sp > e"))


def test_sub_process_writes_to_its_own_scope_where_it_holds_the_name() -> None:
    case = Drive(parsed(nested(mappings(inputs={"mine": "=10"}))), variables={"mine": 1})
    assert case.instance.user_tasks()[0].scope["mine"] == 11
    assert case.variables == {"mine": 1}
    case.complete("a", new=2)
    assert case.variables == {"mine": 1, "new": 2}


def test_sub_process_without_mappings_writes_to_the_process() -> None:
    case = Drive(parsed(nested("")), variables={"mine": 1}).complete("a")
    assert case.variables == {"mine": 2}


def calling(**called: str) -> bytes:
    ext = mappings(inputs={"given": "=x"}) + (mappings() if called.pop("none", "") else "")
    activity = element("callActivity", "c", ext=zeebe("calledElement", processId="q", **called) + ext)
    return file(
        process("p", start(), activity, end(), arrows="s > c > e"),
        process(
            "q", start("qs"), script("t", "=given + 1", "y"), user("a"), end("qe"), arrows="qs > t > a > qe"
        ),
    )


def test_called_process_gets_a_copy_and_its_variables_come_back() -> None:
    case = Drive(parsed(calling()), variables={"x": 1})
    task = case.instance.user_tasks()[0]
    assert (task.scope["x"], task.scope["given"], task.scope["y"]) == (1, 1, 2)
    assert case.variables == {"x": 1}
    case.complete("a", x=5)
    assert case.variables == {"x": 5, "y": 2}


def test_called_process_can_be_kept_from_seeing_and_telling() -> None:
    case = Drive(
        parsed(calling(propagateAllParentVariables="false", propagateAllChildVariables="false")),
        variables={"x": 1},
    )
    assert "x" not in case.instance.user_tasks()[0].scope
    case.complete("a", secret=1)
    assert case.status == "completed"
    assert case.variables == {"x": 1}


def test_called_process_may_be_named_by_an_expression() -> None:
    data = file(
        process("p", start(), call("c", "=which"), end(), arrows="s > c > e"),
        process("q", start("qs"), user("a"), end("qe"), arrows="qs > a > qe"),
    )
    assert Drive(parsed(data), variables={"which": "q"}).open == ["a"]
    assert [f.element_id for f in Drive(parsed(data), variables={"which": "nowhere"}).failures] == ["c"]


def test_process_that_calls_itself_for_ever_ends_with_a_failure() -> None:
    data = file(process("p", start(), call("c", "p"), end(), arrows="s > c > e"))
    case = Drive(parsed(data))
    assert [(f.element_id, f.code) for f in case.failures] == [("c", "expression-bound")]


def test_values_keep_their_exact_types_over_save_and_load() -> None:
    given = {
        "money": feel.to_feel("x") and feel.compile("0.10").evaluate({}),
        "day": feel.compile('date("2026-10-01")').evaluate({}),
        "span": feel.compile('duration("P1Y2M")').evaluate({}),
        "text": "𠮷㐂",
        "nothing": None,
        "list": feel.to_feel([1, {"a": [True]}]),
    }
    case = Drive(parsed(file(process("p", start(), user("a"), end(), arrows="s > a > e"))), variables=given)
    assert case.instance.variables == given
    assert str(case.instance.variables["money"]) == "0.10"


def test_answers_that_are_too_large_are_refused_and_change_nothing() -> None:
    case = Drive(parsed(file(process("p", start(), service("a"), end(), arrows="s > a > e"))))
    before = case.reload()
    with pytest.raises(BoundError):
        case.finish("a", big="x" * 1_100_000)
    assert case.reload() == before


def test_variables_that_a_script_makes_too_large_are_a_failure() -> None:
    tasks = [
        script(f"t{n}", f"=[{'half' if n else 'text'}, {'half' if n else 'text'}]", "half") for n in range(3)
    ]
    data = file(process("p", start(), *tasks, end(), arrows="s > t0 > t1 > t2 > e"))
    case = Drive(parsed(data), variables={"text": "x" * 200_000})
    assert [(f.element_id, f.code) for f in case.failures] == [("t1", "expression-bound")]
    assert case.variables["half"] == ["x" * 200_000] * 2
