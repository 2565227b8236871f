"""The rules that were hit stand in the history of the step that asked for them."""

from __future__ import annotations

from tests.builders import Office, bpmn, end, start, user

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t">
  <decision id="eligible" name="eligible">
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i"><inputExpression id="e" typeRef="number"><text>income</text></inputExpression></input>
      <output id="o" name="eligible" typeRef="boolean"/>
      <annotation name="article"/>
      <rule id="low"><inputEntry id="a"><text>&lt;= 760</text></inputEntry>
        <outputEntry id="b"><text>true</text></outputEntry>
        <annotationEntry><text>民发〔2021〕57号 第四条</text></annotationEntry></rule>
      <rule id="high"><inputEntry id="c"><text>&gt; 760</text></inputEntry>
        <outputEntry id="f"><text>false</text></outputEntry><annotationEntry><text/></annotationEntry></rule>
    </decisionTable>
  </decision>
</definitions>""".encode()

RULE = (
    '<bpmn:businessRuleTask id="test"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="eligible" resultVariable="eligible"/>'
    "</bpmn:extensionElements></bpmn:businessRuleTask>"
)

# The decision is asked in the very step that accepts the case and so changes the law it runs by.
ACCEPTED = bpmn(
    "accepted",
    start() + user("ask") + RULE + user("survey", startClock="total") + end(),
    "begin>ask ask>test test>survey survey>done",
    {"clock:total": "workdays(20)"},
)


def test_a_hit_rule_is_recorded_with_its_article_and_inputs(office: Office) -> None:
    office.deploy(accepted_bpmn=ACCEPTED, eligible_dmn=TABLE)
    case = office.complete(office.open("accepted"), "ask", income=700)
    (hit,) = office.history(case)[-1].data["decisions"]
    assert (hit["element"], hit["decision"], hit["rule"]) == ("test", "eligible", "low")
    assert hit["annotations"] == {"article": "民发〔2021〕57号 第四条"}
    assert hit["inputs"] == {"income": 700}


def test_a_later_step_does_not_repeat_the_decisions_of_an_earlier_one(office: Office) -> None:
    office.deploy(accepted_bpmn=ACCEPTED, eligible_dmn=TABLE)
    case = office.complete(office.open("accepted"), "ask", income=900)
    case = office.complete(case, "survey")
    assert "decisions" not in office.history(case)[-1].data
