"""Multi-instance and standard loops after Camunda 8 and BPMN."""

from __future__ import annotations

import pytest

from .bpmn import (
    boundary,
    element,
    end,
    file,
    mappings,
    multi,
    process,
    script,
    service,
    start,
    sub,
    timer,
    user,
    zeebe,
)
from .driving import Drive, parsed


def over(task: str, *more: str, arrows: str = "s > t > e") -> bytes:
    return file(process("p", start(), task, *more, end(), arrows=arrows))


VISIT = multi(
    inputCollection="=members", inputElement="member", outputCollection="visits", outputElement="=seen"
)


def test_parallel_instances_build_the_output_in_the_order_of_the_input() -> None:
    case = Drive(parsed(over(user("t", VISIT))), variables={"members": ["甲", "乙", "丙"]})
    assert case.open == ["t", "t", "t"]
    tasks = case.instance.user_tasks()
    assert [(t.scope["member"], int(t.scope["loopCounter"])) for t in tasks] == [
        ("甲", 1),
        ("乙", 2),
        ("丙", 3),
    ]
    for task, answer in ((tasks[2], "c"), (tasks[0], "a"), (tasks[1], "b")):
        case.instance.complete(task.key, {"seen": answer})
        case.reload()
    assert case.status == "completed"
    assert case.variables == {"members": ["甲", "乙", "丙"], "visits": ["a", "b", "c"]}


def test_sequential_instances_run_one_after_the_other() -> None:
    said = {"inputCollection": "=members", "inputElement": "m"}
    task = user("t", multi(sequential=True, outputCollection="out", outputElement="=m + 1", **said))
    case = Drive(parsed(over(task)), variables={"members": [1, 2]})
    assert case.open == ["t"]
    case.complete("t")
    assert case.open == ["t"]
    case.complete("t")
    assert case.status == "completed"
    assert case.variables["out"] == [2, 3]
    assert case.done == ["s", "t", "t", "t", "e"]  # two instances and their body


@pytest.mark.parametrize("sequential", [True, False])
def test_empty_collection_passes_at_once(sequential: bool) -> None:
    loop = multi(sequential, inputCollection="=[]", outputCollection="out", outputElement="=1")
    case = Drive(parsed(over(user("t", loop))))
    assert case.status == "completed"
    assert case.variables == {"out": []}


def test_completion_condition_ends_the_other_instances() -> None:
    loop = multi(
        inputCollection="=[1,2,3]",
        completion="=numberOfCompletedInstances &gt;= 2 and numberOfInstances = 3",
    )
    case = Drive(parsed(over(user("t", loop))))
    case.complete("t").complete("t")
    assert case.status == "completed"
    assert case.cancelled == ["t"]


def test_cardinality_is_a_feel_number() -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
        "<bpmn:loopCardinality>=n + 1</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    processes = parsed(over(user("t", loop)))
    case = Drive(processes, variables={"n": 1})
    case.complete("t").complete("t")
    assert case.status == "completed"
    assert [f.element_id for f in Drive(processes, variables={"n": "x"}).failures] == ["t"]


def test_boundary_timer_of_a_loop_ends_all_instances() -> None:
    data = over(
        user("t", multi(inputCollection="=[1,2]")),
        boundary("late", "t", timer("PT1H")),
        user("chase"),
        arrows="s > t > e\n late > chase > e",
    )
    case = Drive(parsed(data)).fire("late")
    assert case.open == ["chase"]
    assert case.cancelled == ["t", "t", "t"]


def test_sub_process_in_a_loop_keeps_its_variables_apart() -> None:
    inner = sub(
        "t",
        start("is"),
        user("ask"),
        script("x", "=answer + member", "total"),
        end("ie"),
        multi(
            inputCollection="=[10, 20]",
            inputElement="member",
            outputCollection="sums",
            outputElement="=total",
        ),
        arrows="is > ask > x > ie",
        ext=mappings(inputs={"answer": "=0", "total": "=0"}),
    )
    case = Drive(parsed(over(inner)))
    first, second = case.instance.user_tasks()
    case.instance.complete(second.key, {"answer": 2})
    case.reload()
    case.instance.complete(first.key, {"answer": 1})
    case.reload()
    assert case.status == "completed"
    assert case.variables == {"sums": [11, 22]}


def test_called_processes_in_a_loop_leave_each_others_results_alone() -> None:
    loop = multi(
        inputCollection="=[1, 2]", inputElement="n", outputCollection="twice", outputElement="=double"
    )
    called = zeebe("calledElement", processId="q")
    outer = process("p", start(), element("callActivity", "t", loop, ext=called), end(), arrows="s > t > e")
    inner = process(
        "q",
        start("is"),
        user("ask"),
        script("x", "=n * 2", "double"),
        end("ie"),
        arrows="is > ask > x > ie",
    )
    case = Drive(parsed(file(outer, inner)))
    for _ in range(2):
        case.complete("ask")
    assert case.status == "completed"
    assert case.variables["twice"] == [2, 4]


def standard(**said: str) -> str:
    condition = said.pop("condition", "")
    inside = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>" if condition else ""
    given = "".join(f' {name}="{value}"' for name, value in said.items())
    return f"<bpmn:standardLoopCharacteristics{given}>{inside}</bpmn:standardLoopCharacteristics>"


@pytest.mark.parametrize(
    ("loop", "rounds"),
    [
        (standard(loopMaximum="3"), 3),
        (standard(condition="=n &lt; 2"), 2),
        (standard(condition="=n &lt; 2", testBefore="true"), 2),
        (standard(condition="=n &lt; 0"), 1),
        (standard(condition="=n &lt; 0", testBefore="true"), 0),
        (standard(condition="=true", loopMaximum="4"), 4),
    ],
)
def test_standard_loop_repeats_while_its_condition_holds(loop: str, rounds: int) -> None:
    data = over(user("t", loop, ext=mappings(outputs={"n": "=n + 1"})))
    case = Drive(parsed(data), variables={"n": 0})
    while case.open:
        case.complete("t")
    assert case.variables["n"] == rounds
    assert case.status == "completed"


def test_jobs_in_a_loop_are_separate() -> None:
    case = Drive(parsed(over(service("j", VISIT), arrows="s > j > e")), variables={"members": [1, 2]})
    keys = [job.key for job in case.instance.jobs()]
    assert len(set(keys)) == 2
    case.finish("j", seen=True).finish("j", seen=False)
    assert case.variables["visits"] == [True, False]


def test_a_failing_instance_keeps_its_answers_and_can_be_retried() -> None:
    loop = multi(inputCollection="=[1,2]", outputCollection="out", outputElement="=fix(1)")
    case = Drive(parsed(over(user("t", loop))))
    case.complete("t", x=1)
    assert [f.element_id for f in case.failures] in ([], ["t"])
    assert case.open == ["t"]


def test_collection_that_is_no_list_is_a_failure() -> None:
    case = Drive(parsed(over(user("t", multi(inputCollection="=5")))))
    assert [f.element_id for f in case.failures] == ["t"]
    case.instance.set_variables({"x": 1})
    case.run()
    assert case.open == []
