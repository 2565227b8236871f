"""Reads the boxed expressions of a DMN file (1.1 to 1.5) into the model.

Refuses, with the element's id, what has no meaning here: expression languages other than FEEL and
elements that are no expression.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, get_args

from lxml import etree

from engine.decisions import model as m
from engine.safe_xml import Element, refused

IGNORED = frozenset({"description", "question", "allowedAnswers", "extensionElements", "variable"})


class Reader:
    """Helpers over one file: they know its name and its default expression language."""

    def __init__(self, file: str, language: str) -> None:
        self.file = file
        self.check_language(language, None)

    def refuse(self, element: Element, zh: str, en: str) -> NoReturn:
        raise refused(self.file, element.sourceline, zh, en, element_id=nearest_id(element))

    def check_language(self, language: str, element: Element | None) -> None:
        """FEEL or nothing: cells in another language are never read as if they were FEEL."""
        if language and "feel" not in language.lower():
            zh = f"表达式语言“{language}”不受支持，只能使用 FEEL。"
            en = f'Expression language "{language}" is not supported; use FEEL.'
            if element is None:
                raise refused(self.file, None, zh, en)
            self.refuse(element, zh, en)

    def text(self, element: Element | None) -> m.Text:
        """The text below `element`, which may be missing: that is empty text."""
        if element is None:
            return m.Text(text="")
        self.check_language(element.get("expressionLanguage", ""), element)
        inner = child(element, "text")
        if inner is None:
            return m.Text(text="", id=element.get("id", ""), line=element.sourceline)
        return m.Text(text=inner.text or "", id=element.get("id", ""), line=inner.sourceline)

    def optional_text(self, element: Element | None) -> m.Text | None:
        found = self.text(element)
        return found if found.text.strip() else None

    def only_expression(self, parent: Element, *, skip: frozenset[str] = IGNORED) -> m.Expression | None:
        """The one boxed expression below `parent`; None if there is none."""
        found = [c for c in parent if local(c) in READERS]
        for c in parent:
            if namespace(c) == namespace(parent) and local(c) not in READERS and local(c) not in skip:
                self.refuse(c, f"元素“{local(c)}”不受支持。", f'The element "{local(c)}" is not supported.')
        if len(found) > 1:
            self.refuse(found[1], "此处只能有一个表达式。", "Only one expression may stand here.")
        return self.expression(found[0]) if found else None

    def needed(self, parent: Element, *, skip: frozenset[str] = IGNORED) -> m.Expression:
        found = self.only_expression(parent, skip=skip)
        if found is None:
            self.refuse(parent, "缺少表达式。", "An expression is missing.")
        return found

    def part(self, parent: Element, name: str) -> m.Expression:
        """The expression inside the named child, such as `if` or `in`."""
        inner = child(parent, name)
        if inner is None:
            self.refuse(parent, f"缺少“{name}”。", f'"{name}" is missing.')
        return self.needed(inner)

    def expression(self, element: Element) -> m.Expression:
        return READERS[local(element)](self, element)


def local(element: Element) -> str:
    return str(etree.QName(element).localname)


def namespace(element: Element) -> str:
    return str(etree.QName(element).namespace or "")


def child(element: Element, name: str) -> Element | None:
    return next((c for c in element if local(c) == name and namespace(c) == namespace(element)), None)


def children(element: Element, name: str) -> list[Element]:
    return [c for c in element if local(c) == name and namespace(c) == namespace(element)]


def nearest_id(element: Element) -> str:
    """The id of the element or of the closest one around it, so that a person can find it."""
    while element is not None and not element.get("id"):
        element = element.getparent()
    return "" if element is None else str(element.get("id"))


def type_name(element: Element | None) -> str:
    """The type reference of an element, without the `feel:` prefix of DMN 1.1; "" for any."""
    if element is None:
        return ""
    reference = element.get("typeRef") or ""
    if not reference:
        inner = child(element, "typeRef")
        reference = (inner.text or "").strip() if inner is not None else ""
    prefix, colon, rest = reference.partition(":")
    if colon and prefix in element.nsmap:
        return str(rest)
    return str(reference)


def _shared(element: Element) -> dict[str, Any]:
    return {"id": element.get("id", ""), "type": type_name(element), "line": element.sourceline}


def _literal(reader: Reader, element: Element) -> m.Literal:
    imported = child(element, "importedValues")
    if imported is not None:
        reader.refuse(imported, "不支持导入的值。", "Imported values are not supported.")
    return m.Literal(text=reader.text(element), **_shared(element))


def _entry(reader: Reader, element: Element, variable: str = "variable") -> m.Entry:
    named = child(element, variable)
    name = named.get("name", "").strip() if named is not None else ""
    skip = IGNORED | {variable}
    return m.Entry(name=name, type=type_name(named), value=reader.needed(element, skip=skip))


def _context(reader: Reader, element: Element) -> m.Context:
    entries = tuple(_entry(reader, e) for e in children(element, "contextEntry"))
    return m.Context(entries=entries, **_shared(element))


def _invocation(reader: Reader, element: Element) -> m.Invocation:
    called = reader.needed(element, skip=IGNORED | {"binding"})
    bindings = tuple(
        _entry(reader, b, "parameter")
        for b in children(element, "binding")
        if any(local(c) in READERS for c in b)
    )
    return m.Invocation(called=called, bindings=bindings, **_shared(element))


def _list(reader: Reader, element: Element) -> m.ListOf:
    items = tuple(reader.expression(c) for c in element if local(c) in READERS)
    return m.ListOf(items=items, **_shared(element))


def _relation(reader: Reader, element: Element) -> m.Relation:
    columns = tuple(c.get("name", "").strip() for c in children(element, "column"))
    rows = []
    for row in children(element, "row"):
        cells = tuple(reader.expression(c) for c in row if local(c) in READERS)
        if len(cells) != len(columns):
            reader.refuse(row, "行与列的数目不一致。", "The row has not as many cells as there are columns.")
        rows.append(cells)
    return m.Relation(columns=columns, rows=tuple(rows), **_shared(element))


def read_parameter(element: Element) -> m.Parameter:
    return m.Parameter(name=element.get("name", "").strip(), type=type_name(element))


def read_function(reader: Reader, element: Element) -> m.Function:
    """A `functionDefinition` or a BKM's `encapsulatedLogic`."""
    kind = element.get("kind", "FEEL")
    parameters = tuple(read_parameter(p) for p in children(element, "formalParameter"))
    skip = IGNORED | {"formalParameter"}
    body = reader.only_expression(element, skip=skip) if kind == "FEEL" else None
    return m.Function(kind=kind, parameters=parameters, body=body, **_shared(element))


def _conditional(reader: Reader, element: Element) -> m.Conditional:
    return m.Conditional(
        condition=reader.part(element, "if"),
        then=reader.part(element, "then"),
        otherwise=reader.part(element, "else"),
        **_shared(element),
    )


def _filter(reader: Reader, element: Element) -> m.Filter:
    source, match = reader.part(element, "in"), reader.part(element, "match")
    return m.Filter(source=source, match=match, **_shared(element))


def _iteration(reader: Reader, element: Element) -> m.Iteration:
    kind = local(element)
    result = "return" if kind == "for" else "satisfies"
    return m.Iteration(
        kind=kind,  # type: ignore[arg-type]  # READERS maps only the three names here
        variable=element.get("iteratorVariable", "").strip(),
        source=reader.part(element, "in"),
        body=reader.part(element, result),
        partial=kind == "for" and "partial" in "".join(element.itertext()),
        **_shared(element),
    )


def _table(reader: Reader, element: Element) -> m.Table:
    policy = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation", "")
    if policy not in get_args(m.HitPolicy):
        reader.refuse(element, f"命中策略“{policy}”不存在。", f'There is no hit policy "{policy}".')
    if aggregation not in get_args(m.Aggregation):
        reader.refuse(element, f"聚合“{aggregation}”不存在。", f'There is no aggregation "{aggregation}".')
    inputs = tuple(_input(reader, c) for c in children(element, "input"))
    outputs = tuple(_output(reader, c) for c in children(element, "output"))
    if not outputs:
        reader.refuse(element, "决策表没有输出列。", "The decision table has no output column.")
    if aggregation and len(outputs) > 1:
        reader.refuse(element, "有多列输出时不能聚合。", "A table with several outputs can't be aggregated.")
    columns = [c.get("name", "") for c in children(element, "annotation")]
    rules = tuple(
        _rule(reader, c, index, (len(inputs), len(outputs)), columns)
        for index, c in enumerate(children(element, "rule"), 1)
    )
    return m.Table(
        hit_policy=policy,
        aggregation=aggregation,
        inputs=inputs,
        outputs=outputs,
        rules=rules,
        **_shared(element),
    )


def _input(reader: Reader, element: Element) -> m.InputClause:
    expression = child(element, "inputExpression")
    return m.InputClause(
        id=element.get("id", ""),
        label=element.get("label", ""),
        expression=reader.text(expression),
        type=type_name(expression),
        allowed=reader.optional_text(child(element, "inputValues")),
    )


def _output(reader: Reader, element: Element) -> m.OutputClause:
    return m.OutputClause(
        id=element.get("id", ""),
        name=element.get("name", "").strip(),
        label=element.get("label", ""),
        type=type_name(element),
        allowed=reader.optional_text(child(element, "outputValues")),
        default=reader.optional_text(child(element, "defaultOutputEntry")),
    )


def _rule(reader: Reader, element: Element, index: int, size: tuple[int, int], columns: list[str]) -> m.Rule:
    tests = tuple(reader.text(c) for c in children(element, "inputEntry"))
    results = tuple(reader.text(c) for c in children(element, "outputEntry"))
    if (len(tests), len(results)) != size:
        reader.refuse(
            element,
            f"第 {index} 条规则的单元格数目与列数不一致。",
            f"Rule {index} has not as many cells as the table has columns.",
        )
    return m.Rule(
        id=element.get("id", ""),
        index=index,
        line=element.sourceline,
        tests=tests,
        results=results,
        annotations=_annotations(reader, element, columns),
    )


def _annotations(reader: Reader, rule: Element, columns: list[str]) -> tuple[tuple[str, str], ...]:
    """Annotation cells by column name; a rule's description, where modelers keep the one they show, too."""
    cells = [reader.text(c).text for c in children(rule, "annotationEntry")]
    named = [(columns[i] if i < len(columns) else "", text) for i, text in enumerate(cells) if text]
    description = child(rule, "description")
    if description is not None and (description.text or "").strip():
        named.append(("description", description.text.strip()))
    return tuple(named)


READERS: dict[str, Callable[[Reader, Element], m.Expression]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
    "decisionTable": _table,
}
