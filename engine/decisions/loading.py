"""Reads a DMN file into `Definitions`: types, drawn elements and what each requires.

Refuses other XML, repeated ids and references that lead nowhere; FEEL text is only kept here, not parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.decisions import model as m
from engine.decisions.reading import (
    Reader,
    child,
    children,
    local,
    namespace,
    read_function,
    read_parameter,
    type_name,
)
from engine.safe_xml import Element, parse, refused

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",  # 1.1, as some tools write it
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)


def read(data: bytes, *, file: str) -> m.Definitions:
    """The content of one DMN file. `DeploymentError` names file, element and reason."""
    root = parse(data, file=file)
    if local(root) != "definitions" or namespace(root) not in NAMESPACES:
        raise refused(
            file,
            root.sourceline,
            "这不是 DMN 1.1 至 1.5 文件。",
            "This is not a DMN 1.1 to 1.5 file.",
        )
    reader = Reader(file, root.get("expressionLanguage", ""))
    nodes: dict[str, m.Drawn] = {}
    for element in root:
        if namespace(element) == namespace(root) and local(element) in DRAWN:
            node = DRAWN[local(element)](reader, element)
            if node.id in nodes:
                reader.refuse(element, f"标识“{node.id}”重复。", f'The id "{node.id}" is used twice.')
            nodes[node.id] = node
    definitions = m.Definitions(
        file=file,
        id=root.get("id", ""),
        name=root.get("name", ""),
        namespace=root.get("namespace", ""),
        imports=tuple(_import(reader, i) for i in children(root, "import")),
        types=tuple(_item_type(reader, t) for t in children(root, "itemDefinition")),
        nodes=nodes,
    )
    _check_references(definitions)
    return definitions


def _check_references(definitions: m.Definitions) -> None:
    imported = {i.namespace for i in definitions.imports}
    for node in definitions.nodes.values():
        for href in node.requires:
            space, _, element_id = href.partition("#")
            known = element_id in definitions.nodes if space == "" else space in imported
            if not known:
                raise refused(
                    definitions.file,
                    node.line,
                    f"引用的元素“{href}”不存在。",
                    f'The required element "{href}" does not exist.',
                    element_id=node.id,
                )


def _node(element: Element) -> dict[str, Any]:
    """What every drawn element has; its variable's name wins, for that is how others call it."""
    variable = child(element, "variable")
    label = name = element.get("name", "").strip() or element.get("id", "")
    if variable is not None and variable.get("name"):
        name = variable.get("name").strip()
    own = element.getparent().get("namespace", "")
    return {
        "id": element.get("id") or name,
        "name": name,
        "label": label,
        "type": type_name(variable),
        "line": element.sourceline,
        "requires": tuple(_href(r, own) for r in _requirements(element)),
    }


def _requirements(element: Element) -> list[Element]:
    found = []
    for requirement in element:
        if local(requirement) in ("informationRequirement", "knowledgeRequirement"):
            found += [r for r in requirement if local(r).startswith("required")]
    return found


def _href(reference: Element, own: str) -> str:
    """The reference with this file's own namespace taken off."""
    space, _, element_id = str(reference.get("href", "")).partition("#")
    return f"#{element_id}" if space in ("", own) else f"{space}#{element_id}"


def _input_data(reader: Reader, element: Element) -> m.InputData:
    return m.InputData(**_node(element))


def _decision(reader: Reader, element: Element) -> m.Decision:
    return m.Decision(expression=reader.only_expression(element, skip=BESIDE_EXPRESSION), **_node(element))


def _knowledge(reader: Reader, element: Element) -> m.Knowledge:
    logic = child(element, "encapsulatedLogic")
    if logic is None:
        reader.refuse(element, "业务知识模型没有内容。", "The business knowledge model is empty.")
    return m.Knowledge(function=read_function(reader, logic), **_node(element))


def _service(reader: Reader, element: Element) -> m.Service:
    own = element.getparent().get("namespace", "")
    outputs = tuple(_href(r, own) for r in children(element, "outputDecision"))
    inputs = tuple(_href(r, own) for name in ("inputData", "inputDecision") for r in children(element, name))
    shared = _node(element)
    return m.Service(outputs=outputs, inputs=inputs, **(shared | {"requires": outputs + inputs}))


def _import(reader: Reader, element: Element) -> m.Import:
    kind = element.get("importType", "")
    if kind not in NAMESPACES:
        reader.refuse(
            element,
            f"只能导入 DMN 模型，不能导入“{kind}”。",
            f'Only DMN models can be imported, not "{kind}".',
        )
    return m.Import(name=element.get("name", "").strip(), namespace=element.get("namespace", ""))


def _item_type(reader: Reader, element: Element) -> m.ItemType:
    language = element.get("typeLanguage", "")
    if language and "feel" not in language.lower():
        reader.refuse(
            element, f"类型语言“{language}”不受支持。", f'The type language "{language}" is not supported.'
        )
    if not element.get("name"):
        reader.refuse(element, "类型没有名称。", "A type has no name.")
    function = child(element, "functionItem")
    return m.ItemType(
        name=element.get("name").strip(),
        base=type_name(element),
        components=tuple(_item_type(reader, c) for c in children(element, "itemComponent")),
        is_list=element.get("isCollection") == "true",
        is_function=function is not None,
        parameters=()
        if function is None
        else tuple(read_parameter(p) for p in children(function, "parameters")),
        result="" if function is None else function.get("outputTypeRef", ""),
        allowed=reader.optional_text(child(element, "allowedValues")),
        constraint=reader.optional_text(child(element, "typeConstraint")),
    )


BESIDE_EXPRESSION = frozenset(
    {
        "description",
        "question",
        "allowedAnswers",
        "extensionElements",
        "variable",
        "informationRequirement",
        "knowledgeRequirement",
        "authorityRequirement",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
    }
)
DRAWN: Mapping[str, Callable[[Reader, Element], m.Drawn]] = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}
