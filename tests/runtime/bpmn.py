"""Writes small BPMN files as Camunda Modeler would: elements are XML pieces, flows a few lines of text."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="t">'
)


def attributes(values: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


def zeebe(tag: str, *inside: str, **values: str) -> str:
    return f"<zeebe:{tag}{attributes(values)}>{''.join(inside)}</zeebe:{tag}>"


def element(tag: str, element_id: str, *inside: str, ext: str = "", name: str = "", **values: str) -> str:
    """One BPMN element; `ext` is the content of its extension elements."""
    given = {"id": element_id, **({"name": name} if name else {}), **values}
    extensions = f"<bpmn:extensionElements>{ext}</bpmn:extensionElements>" if ext else ""
    return f"<bpmn:{tag}{attributes(given)}>{extensions}{''.join(inside)}</bpmn:{tag}>"


def flows(text: str) -> str:
    """`a > b > c` a line; `x > b | =condition` or `x > b | default`. A flow's id is `a_b`."""
    pieces = []
    for line in filter(None, (part.strip() for part in text.splitlines())):
        chain, _, condition = line.partition("|")
        nodes = [node.strip() for node in chain.split(">")]
        for source, target in zip(nodes, nodes[1:], strict=False):
            body = ""
            if condition.strip() and condition.strip() != "default":
                text_of = condition.strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                body = (
                    '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
                    f"{text_of}</bpmn:conditionExpression>"
                )
            pieces.append(
                element("sequenceFlow", f"{source}_{target}", body, sourceRef=source, targetRef=target)
            )
    return "".join(pieces)


def process(key: str, *elements: str, arrows: str = "", ext: str = "", executable: str = "true") -> str:
    return element("process", key, *elements, flows(arrows), ext=ext, isExecutable=executable)


def file(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "</bpmn:definitions>").encode()


# elements


def start(element_id: str = "s", *inside: str, **values: str) -> str:
    return element("startEvent", element_id, *inside, **values)


def end(element_id: str = "e", *inside: str, **values: str) -> str:
    return element("endEvent", element_id, *inside, **values)


def user(element_id: str, *inside: str, ext: str = "", **values: str) -> str:
    return element("userTask", element_id, *inside, ext=zeebe("userTask") + ext, **values)


def script(element_id: str, expression: str, variable: str = "", ext: str = "", *inside: str) -> str:
    named = {"resultVariable": variable} if variable else {}
    return element(
        "scriptTask", element_id, *inside, ext=zeebe("script", expression=expression, **named) + ext
    )


def service(element_id: str, *inside: str, type: str = "work", ext: str = "", **values: str) -> str:
    return element("serviceTask", element_id, *inside, ext=zeebe("taskDefinition", type=type) + ext, **values)


def gateway(kind: str, element_id: str, **values: str) -> str:
    return element(f"{kind}Gateway", element_id, **values)


def sub(element_id: str, *inside: str, arrows: str = "", ext: str = "", **values: str) -> str:
    return element("subProcess", element_id, *inside, flows(arrows), ext=ext, **values)


def event_sub(element_id: str, *inside: str, arrows: str = "", **values: str) -> str:
    return sub(element_id, *inside, arrows=arrows, triggeredByEvent="true", **values)


def call(element_id: str, process_id: str, ext: str = "", **values: str) -> str:
    return element(
        "callActivity", element_id, ext=zeebe("calledElement", processId=process_id) + ext, **values
    )


def boundary(element_id: str, host: str, *inside: str, interrupting: bool = True, ext: str = "") -> str:
    cancel = "true" if interrupting else "false"
    return element("boundaryEvent", element_id, *inside, ext=ext, attachedToRef=host, cancelActivity=cancel)


def catch(element_id: str, *inside: str, **values: str) -> str:
    return element("intermediateCatchEvent", element_id, *inside, **values)


def throw(element_id: str, *inside: str, **values: str) -> str:
    return element("intermediateThrowEvent", element_id, *inside, **values)


# event definitions


def timer(text: str, kind: str = "timeDuration") -> str:
    body = f"<bpmn:{kind}>{text.replace('<', '&lt;')}</bpmn:{kind}>"
    return f"<bpmn:timerEventDefinition>{body}</bpmn:timerEventDefinition>"


def event(kind: str, ref: str = "") -> str:
    given = f' {kind}Ref="{ref}"' if ref else ""
    return f"<bpmn:{kind}EventDefinition{given} />"


def message(message_id: str, name: str, key: str = "") -> str:
    ext = zeebe("subscription", correlationKey=key) if key else ""
    return element("message", message_id, ext=ext, name=name)


# loops and mappings


def multi(sequential: bool = False, completion: str = "", **said: str) -> str:
    ext = f"<bpmn:extensionElements>{zeebe('loopCharacteristics', **said)}</bpmn:extensionElements>"
    done = f"<bpmn:completionCondition>{completion}</bpmn:completionCondition>" if completion else ""
    kind = "true" if sequential else "false"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{kind}">{ext}{done}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def mappings(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Targets and their sources."""
    pieces = [zeebe("input", source=source, target=target) for target, source in (inputs or {}).items()]
    pieces += [zeebe("output", source=source, target=target) for target, source in (outputs or {}).items()]
    return zeebe("ioMapping", *pieces)


def properties(**values: str) -> str:
    return zeebe("properties", *(zeebe("property", name=name, value=value) for name, value in values.items()))
