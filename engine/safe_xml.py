"""The one place that parses XML from outside: bounded, without entities, DTD or network.

Comments and processing instructions are dropped, so that readers meet elements only. Knows nothing of
BPMN or DMN.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.errors import DeploymentError, FieldError

MAX_BYTES = 10_000_000
MAX_DEPTH = 200

Element = Any  # lxml ships no types; every element of a parsed file


def parse(data: bytes, *, file: str) -> Element:
    """The root element of `data`. `DeploymentError` names the file, the line and the reason."""
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise refused(file, None, f"文件超过 {limit} MB。", f"The file is larger than {limit} MB.")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = str(getattr(error, "msg", error))
        raise refused(
            file, getattr(error, "lineno", None), f"XML 格式错误：{reason}。", f"Broken XML: {reason}."
        ) from None
    docinfo = root.getroottree().docinfo
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise refused(
            file, None, "不允许 DOCTYPE 与实体声明。", "DOCTYPE and entity declarations are not allowed."
        )
    _check_depth(root, file)
    return root


def refused(file: str, line: int | None, zh: str, en: str, *, element_id: str = "") -> DeploymentError:
    """The error for one fault in `file`; the sentences get the place in front."""
    where = file + (f":{line}" if line else "") + (f" #{element_id}" if element_id else "")
    pointer = f"#{element_id}" if element_id else ""
    detail = FieldError(pointer=pointer, zh=f"{where}：{zh}", en=f"{where}: {en}", code="xml")
    return DeploymentError(
        errors=[detail], data={"file": file, "line": line, "element": element_id}, en=detail.en, zh=detail.zh
    )


def _check_depth(root: Element, file: str) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise refused(
                file,
                element.sourceline,
                f"元素嵌套超过 {MAX_DEPTH} 层。",
                f"Elements are nested deeper than {MAX_DEPTH}.",
            )
