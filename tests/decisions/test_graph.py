"""Boxed expressions, requirement graphs, types, services, imports and bounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.decisions import load
from engine.decisions.loading import NAMESPACES
from engine.errors import BoundError, ExpressionError

from .files import DMN_1_3, decision, definitions, input_data, literal, table


def value(body: str, scope: dict[str, Any] | None = None, id: str = "d", *, strict: bool = True) -> Any:
    return load(definitions(body)).evaluate(id, feel.to_feel(scope or {}), strict=strict).value


def entry(name: str, content: str) -> str:
    variable = f"<variable name='{name}'/>" if name else ""
    return f"<contextEntry>{variable}{content}</contextEntry>"


def function(parameters: dict[str, str], body: str, element: str = "functionDefinition") -> str:
    formal = "".join(f"<formalParameter name='{n}' typeRef='{t}'/>" for n, t in parameters.items())
    return f"<{element}>{formal}{body}</{element}>"


def knowledge(id: str, parameters: dict[str, str], body: str) -> str:
    logic = function(parameters, body, "encapsulatedLogic")
    start = f"<businessKnowledgeModel id='{id}' name='{id}'><variable name='{id}'/>"
    return f"{start}{logic}</businessKnowledgeModel>"


def test_a_context_sees_its_earlier_entries_and_gives_its_last() -> None:
    entries = entry("a", literal("2")) + entry("b", literal("a * 3"))
    assert value(decision("d", f"<context>{entries}</context>")) == {"a": 2, "b": 6}
    assert value(decision("d", f"<context>{entries}{entry('', literal('a + b'))}</context>")) == 8


def test_lists_and_relations() -> None:
    assert value(decision("d", f"<list>{literal('1')}{literal('n')}</list>"), {"n": 2}) == [1, 2]
    row = f"<row>{literal('1')}{literal('n')}</row>"
    relation = f"<relation><column name='a'/><column name='b'/>{row}</relation>"
    assert value(decision("d", relation), {"n": 2}) == [{"a": 1, "b": 2}]


def part(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


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


def test_requirements_are_resolved_by_name_and_evaluated_once() -> None:
    hits = table([("n", "number")], [["-", "n + 1"]])
    body = (
        input_data("i", name="n", type="number")
        + decision("a", hits, name="first step", needs=["input:i"])
        + decision("b", literal("first step * 10"), needs=["decision:a"])
        + decision("d", literal("b + first step"), needs=["decision:a", "decision:b"])
        + decision("unneeded", literal("1 +"))
    )
    outcome = load(definitions(body)).evaluate("d", {"n": Decimal(1)}, strict=True)
    assert outcome.value == 22
    assert len(outcome.hits) == 1


def test_a_required_decision_is_read_by_variable_label_or_id() -> None:
    a = "<decision id='Decision_A' name='甲'><variable name='a'/>" + literal("1") + "</decision>"
    for name in ("a", "甲", "Decision_A"):
        assert value(a + decision("d", literal(f"{name} + 1"), needs=["decision:Decision_A"])) == 2


def test_misfit_arguments_do_not_use_up_the_depth() -> None:
    bkm = knowledge("k", {"n": "number"}, literal("n"))
    loop = literal('count(for i in 1..500 return k("x"))')
    assert value(bkm + decision("d", loop, needs=["knowledge:k"]), strict=False) == 500


def test_a_very_long_chain_of_decisions_ends_at_the_bound() -> None:
    chain = decision("d0", literal("1")) + "".join(
        decision(f"d{i}", literal(f"d{i - 1} + 1"), needs=[f"decision:d{i - 1}"]) for i in range(1, 1000)
    )
    model = load(definitions(chain))
    assert model.evaluate("d40", {}).value == 41
    with pytest.raises(BoundError):
        model.evaluate("d999", {})


def test_deeply_nested_boxes_load_and_run() -> None:
    nested = literal("1")
    for _ in range(90):
        nested = f"<list>{nested}</list>"
    assert value(decision("d", nested)) is not None


def test_an_imported_decision_keeps_its_own_types() -> None:
    shared = load(definitions(TYPES + decision("ok", literal('"一级" instance of tLevel')), own="urn:shared"))
    wanted = f"<import name='共用' namespace='urn:shared' importType='{DMN_1_3}'/>"
    needs = "<informationRequirement><requiredDecision href='urn:shared#ok'/></informationRequirement>"
    body = f"{wanted}<decision id='d' name='d'>{needs}{literal('共用.ok')}</decision>"
    assert load(definitions(body), imports={"urn:shared": shared}).evaluate("d", {}).value is True


def test_input_data_is_held_to_its_type() -> None:
    body = input_data("i", name="n", type="number") + decision("d", literal("n"), needs=["input:i"])
    assert value(body, {"n": "x"}, strict=False) is None
    with pytest.raises(ExpressionError, match="number"):
        value(body, {"n": "x"})


TYPES = """
<itemDefinition name='tLevel'><typeRef>string</typeRef>
  <allowedValues><text>"一级","二级"</text></allowedValues></itemDefinition>
<itemDefinition name='tLevels' isCollection='true'><typeRef>tLevel</typeRef></itemDefinition>
<itemDefinition name='tFew' isCollection='true'><typeRef>number</typeRef>
  <typeConstraint><text>count(?) &lt;= 2</text></typeConstraint></itemDefinition>
<itemDefinition name='tPerson'><itemComponent name='名'><typeRef>string</typeRef></itemComponent>
  <itemComponent name='levels' isCollection='true'><typeRef>tLevel</typeRef></itemComponent></itemDefinition>
<itemDefinition name='tTree'>
  <itemComponent name='below' isCollection='true'><typeRef>tTree</typeRef></itemComponent></itemDefinition>
<itemDefinition name='tMoment'><typeRef>date and time</typeRef></itemDefinition>
"""


@pytest.mark.parametrize(
    ("type", "text", "fits"),
    [
        ("tLevel", '"一级"', True),
        ("tLevel", '"三级"', False),
        ("tLevel", '["一级"]', True),
        ("tLevels", '["一级", "二级"]', True),
        ("tLevels", '["一级", "三级"]', False),
        ("tLevels", '"一级"', True),
        ("tFew", "[1, 2]", True),
        ("tFew", "[1, 2, 3]", False),
        ("tPerson", '{名: "甲", levels: ["一级"]}', True),
        ("tPerson", '{名: "甲", levels: ["三级"]}', False),
        ("tPerson", '[{名: "甲", levels: ["一级"]}]', True),
        ("tPerson", '{名: "甲"}', False),
        ("tTree", "{below: [{below: []}, {below: [{below: []}]}]}", True),
        ("tTree", "{below: [{below: [1]}]}", False),
        ("tMoment", 'date("2026-01-01")', True),
        ("number", '"1"', False),
        ("Any", '"1"', True),
        ("integer", "1", True),
    ],
)
def test_a_result_is_held_to_its_declared_type(type: str, text: str, fits: bool) -> None:
    outcome = load(definitions(TYPES + decision("d", literal(text), type=type))).evaluate("d", {})
    assert (outcome.value is not None) == fits
    assert [w.code for w in outcome.warnings] == ([] if fits else ["type-mismatch"])


def test_a_date_becomes_a_date_and_time_where_one_is_wanted() -> None:
    got = value(TYPES + decision("d", literal('date("2026-01-01")'), type="tMoment"))
    assert str(got) == "2026-01-01T00:00:00Z"


def test_item_definitions_are_known_to_instance_of() -> None:
    assert value(TYPES + decision("d", literal('["一级"] instance of tLevels'))) is True


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


def test_a_java_function_does_not_spoil_the_rest_of_the_file() -> None:
    java = "<encapsulatedLogic kind='Java'><formalParameter name='x'/></encapsulatedLogic>"
    bkm = f"<businessKnowledgeModel id='j' name='j'><variable name='j'/>{java}</businessKnowledgeModel>"
    body = bkm + decision("d", literal("j(1)"), needs=["knowledge:j"]) + decision("e", literal("1"))
    assert value(body, id="e") == 1
    assert value(body, strict=False) is None
    with pytest.raises(ExpressionError, match="Java"):
        value(body)


SERVICE = (
    input_data("i", name="n", type="number")
    + decision("a", literal("n * 2"), needs=["input:i"])
    + decision("b", literal("a + n"), needs=["decision:a", "input:i"])
    + decision("c", literal("b + 1"), needs=["decision:b"])
)


def service(id: str, outputs: list[str], inputs: list[str], input_decisions: list[str]) -> str:
    parts = [f"<outputDecision href='#{x}'/>" for x in outputs]
    parts += [f"<inputDecision href='#{x}'/>" for x in input_decisions]
    parts += [f"<inputData href='#{x}'/>" for x in inputs]
    return f"<decisionService id='{id}' name='{id}'><variable name='{id}'/>{''.join(parts)}</decisionService>"


def test_a_service_runs_its_decisions_on_its_own_inputs() -> None:
    body = SERVICE + service("s", ["b"], ["i"], [])
    assert value(body, {"n": 3}, "s") == 9


def test_a_service_takes_input_decisions_as_given() -> None:
    body = SERVICE + service("s", ["b"], ["i"], ["a"])
    caller = decision("d", literal("[s(1, 10), b]"), needs=["knowledge:s", "decision:b"])
    assert value(body + caller, {"n": 3}) == [11, 9]


def test_a_service_with_two_outputs_gives_a_context() -> None:
    assert value(SERVICE + service("s", ["b", "c"], ["i"], []), {"n": 1}, "s") == {"b": 3, "c": 4}


def test_imported_models_are_reached_under_the_imports_name() -> None:
    shared = load(
        definitions(
            TYPES
            + knowledge("twice", {"n": "number"}, literal("n * 2"))
            + decision("base line", literal("5")),
            own="urn:shared",
        )
    )
    wanted = f"<import name='共用' namespace='urn:shared' importType='{DMN_1_3}'/>"
    needs = "<knowledgeRequirement><requiredKnowledge href='urn:shared#twice'/></knowledgeRequirement>"
    needs += (
        "<informationRequirement><requiredDecision href='urn:shared#base line'/></informationRequirement>"
    )
    typed = "<variable name='d' typeRef='共用.tFew'/>"
    text = literal("[共用.twice(4), 共用.base line]")
    body = f"{wanted}<decision id='d' name='d'>{typed}{needs}{text}</decision>"
    model = load(definitions(body), imports={"urn:shared": shared})
    assert model.evaluate("d", {}, strict=True).value == [8, 5]


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


def test_a_decision_without_logic_is_null_or_an_error() -> None:
    assert value("<decision id='d' name='d'/>", strict=False) is None
    with pytest.raises(ExpressionError, match="no logic"):
        value("<decision id='d' name='d'/>")


def test_the_newest_namespace_is_dmn_1_5() -> None:
    assert any("20230324" in namespace for namespace in NAMESPACES)
