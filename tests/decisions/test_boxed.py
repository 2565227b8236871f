"""Boxed expressions and functions, and where they end."""

from __future__ import annotations

import pytest

from engine.decisions import load
from engine.errors import BoundError, ExpressionError

from .files import (
    decision,
    definitions,
    entry,
    function,
    knowledge,
    literal,
    part,
    table,
    value,
)


def test_a_context_sees_its_earlier_entries_and_gives_its_last() -> None:
    entries = entry("a", literal("2")) + entry("b", literal("a * 3"))
    assert value(decision("d", f"<context>{entries}</context>")) == {"a": 2, "b": 6}
    assert value(decision("d", f"<context>{entries}{entry('', literal('a + b'))}</context>")) == 8


def test_lists_and_relations() -> None:
    assert value(decision("d", f"<list>{literal('1')}{literal('n')}</list>"), {"n": 2}) == [1, 2]
    row = f"<row>{literal('1')}{literal('n')}</row>"
    relation = f"<relation><column name='a'/><column name='b'/>{row}</relation>"
    assert value(decision("d", relation), {"n": 2}) == [{"a": 1, "b": 2}]


@pytest.mark.parametrize(("n", "expected"), [(1, "one"), (2, "other"), (None, "other")])
def test_a_boxed_conditional(n: int | None, expected: str) -> None:
    parts = part("if", literal("n = 1")) + part("then", literal('"one"')) + part("else", literal('"other"'))
    assert value(decision("d", part("conditional", parts)), {"n": n}) == expected


def test_boxed_filter_and_iterators() -> None:
    people = [{"age": 80, "name": "甲"}, {"age": 30, "name": "乙"}]
    filtered = part("filter", part("in", literal("people")) + part("match", literal("age >= 80")))
    assert value(decision("d", filtered), {"people": people}) == [{"age": 80, "name": "甲"}]
    inside = part("in", literal("people"))
    loop = f"<for iteratorVariable='p'>{inside}{part('return', literal('p.age + count(partial)'))}</for>"
    assert value(decision("d", loop), {"people": people}) == [80, 31]
    some = f"<some iteratorVariable='p'>{inside}{part('satisfies', literal('p.age > 60'))}</some>"
    every = some.replace("some", "every")
    assert value(decision("d", some), {"people": people}) is True
    assert value(decision("d", every), {"people": people}) is False


def test_deeply_nested_boxes_load_and_run() -> None:
    nested = literal("1")
    for _ in range(90):
        nested = f"<list>{nested}</list>"
    assert value(decision("d", nested)) is not None


def test_a_knowledge_model_is_called_by_position_by_name_and_boxed() -> None:
    bkm = knowledge("差额", {"标准": "number", "收入": "number"}, literal("标准 - 收入"))
    needs = ["knowledge:差额"]
    assert value(bkm + decision("d", literal("差额(760, 300)"), needs=needs)) == 460
    assert value(bkm + decision("d", literal("差额(收入: 300, 标准: 760)"), needs=needs)) == 460
    bindings = "".join(
        f"<binding><parameter name='{n}'/>{literal(v)}</binding>"
        for n, v in {"收入": "300", "标准": "760"}.items()
    )
    assert (
        value(bkm + decision("d", f"<invocation>{literal('差额')}{bindings}</invocation>", needs=needs))
        == 460
    )


def test_hits_inside_a_knowledge_model_are_recorded() -> None:
    bkm = knowledge("k", {"n": "number"}, table([("n", "number")], [["< 5", '"low"'], [">= 5", '"high"']]))
    model = load(definitions(bkm + decision("d", literal("[k(1), k(9)]"), needs=["knowledge:k"])))
    outcome = model.evaluate("d", {}, strict=True)
    assert outcome.value == ["low", "high"]
    assert [(hit.decision_id, hit.rule_index) for hit in outcome.hits] == [("k", 1), ("k", 2)]


def test_a_knowledge_model_sees_nothing_of_the_caller() -> None:
    bkm = knowledge("k", {"n": "number"}, literal("secret"))
    assert (
        value(bkm + decision("d", literal("k(1)"), needs=["knowledge:k"]), {"secret": 1}, strict=False)
        is None
    )


def test_wrong_arguments_are_null_or_an_error() -> None:
    bkm = knowledge("k", {"n": "number"}, literal("n"))
    body = bkm + decision("d", literal('k("x")'), needs=["knowledge:k"])
    assert value(body, strict=False) is None
    with pytest.raises(ExpressionError, match="does not fit"):
        value(body)
    binding = f"<binding><parameter name='m'/>{literal('1')}</binding>"
    body = bkm + decision("d", f"<invocation>{literal('k')}{binding}</invocation>", needs=["knowledge:k"])
    with pytest.raises(ExpressionError, match="other arguments"):
        value(body)


def test_misfit_arguments_do_not_use_up_the_depth() -> None:
    bkm = knowledge("k", {"n": "number"}, literal("n"))
    loop = literal('count(for i in 1..500 return k("x"))')
    assert value(bkm + decision("d", loop, needs=["knowledge:k"]), strict=False) == 500


def test_a_java_function_does_not_spoil_the_rest_of_the_file() -> None:
    java = "<encapsulatedLogic kind='Java'><formalParameter name='x'/></encapsulatedLogic>"
    bkm = f"<businessKnowledgeModel id='j' name='j'><variable name='j'/>{java}</businessKnowledgeModel>"
    body = bkm + decision("d", literal("j(1)"), needs=["knowledge:j"]) + decision("e", literal("1"))
    assert value(body, id="e") == 1
    assert value(body, strict=False) is None
    with pytest.raises(ExpressionError, match="Java"):
        value(body)


def test_recursion_between_functions_ends_at_the_bound() -> None:
    entries = entry("f", function({"g": "Any", "n": "number"}, literal("g(g, n + 1)"))) + entry(
        "", literal("f(f, 0)")
    )
    with pytest.raises(BoundError) as caught:
        value(decision("d", f"<context>{entries}</context>"))
    assert caught.value.data["decision"] == "d"


def test_a_long_loop_ends_at_the_bound() -> None:
    thousand = part("in", literal("for x in 1..1000 return x"))
    nested = literal("i")
    for _ in range(3):
        nested = f"<for iteratorVariable='i'>{thousand}{part('return', nested)}</for>"
    with pytest.raises(BoundError):
        value(decision("d", nested))
