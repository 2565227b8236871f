"""Reads `notices.yaml` strictly: every fault is reported with its file, key and rule, all at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

from engine import feel
from engine.errors import DeploymentError, ExpressionError, FieldError
from engine.feel import Expression
from engine.notices.model import LANGUAGES, Paragraph, Template
from engine.parameters import load_yaml

_FIELDS = {"key", "title", "basis", "to", "body", "shows", "days", "while"}
_OF_POSTINGS = ("shows", "days", "while")
_GAP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_KEY, _ROLE = re.compile(r"\S.{0,99}"), re.compile(r"[a-z][a-z0-9_.-]{0,59}")
_MOST, _LONGEST = 200, 20_000  # safety bounds: templates of a file, characters of a body


@dataclass(frozen=True, eq=False)
class NoticeFile:
    """The templates of one file by key, and the data they were read from."""

    templates: Mapping[str, Template]
    data: Any = field(repr=False)

    @cached_property
    def canonical(self) -> bytes:
        """The content that counts for a definition's hash."""
        return json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def load_notices(data: bytes | str, *, file: str = "", names: Iterable[str] = ()) -> NoticeFile:
    """The notices of one YAML file (shape: docs/architecture.md, "notices and public postings").

    `names` are names with spaces that its expressions may use. Raises DeploymentError listing every fault.
    """
    document = load_yaml(data, file=file)
    reading = _Reading(file, tuple(names))
    rows = document.get("notices") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not 1 <= len(rows) <= _MOST:
        reading.add(
            "", "", "wrong-type", f"“notices”应为1至{_MOST}项的列表", f"'notices' is a list of 1 to {_MOST}"
        )
        rows = []
    elif set(document) != {"notices"}:
        reading.add("", "", "unknown-field", "顶层只能有“notices”", "the top level has 'notices' alone")
    templates: dict[str, Template] = {}
    for row in rows:
        template = reading.template(row)
        if template is not None and template.key in templates:
            reading.add(template.key, "key", "duplicate-key", "文书重复定义", "the key is defined twice")
        elif template is not None:
            templates[template.key] = template
    reading.raise_if_any()
    return NoticeFile(templates, document)


@dataclass(slots=True)
class _Reading:
    file: str
    names: tuple[str, ...]
    faults: list[FieldError] = field(default_factory=list)

    def add(self, key: str, name: str, code: str, zh: str, en: str) -> None:
        place = " ".join(filter(None, (self.file, key, name)))
        pointer = "/" + "/".join(filter(None, ("notices", key, name)))
        self.faults.append(
            FieldError(pointer=pointer, zh=f"{place}：{zh}。", en=f"{place}: {en}.", code=code)
        )

    def raise_if_any(self) -> None:
        if self.faults:
            first = self.faults[0]
            raise DeploymentError(first.en, first.zh, self.faults, {"file": self.file})

    def template(self, row: Any) -> Template | None:
        """The template of one row, or None once its faults are noted."""
        before = len(self.faults)
        key = row.get("key") if isinstance(row, dict) else None
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self.add("", "key", "missing-key", "缺少文书键“key”（1至100字）", "the text 'key' is missing")
            return None
        for name in sorted(map(str, row.keys() - _FIELDS)):
            self.add(key, name, "unknown-field", "未知字段", "unknown field")
        title, body = self._both(key, row, "title", 100), self._both(key, row, "body", _LONGEST)
        basis = row.get("basis")
        if not isinstance(basis, str) or not basis.strip():
            self.add(key, "basis", "missing-basis", "缺少法律依据“basis”", "the legal basis is missing")
        to = row.get("to")
        if not isinstance(to, str) or not _ROLE.fullmatch(to):
            zh, en = "“to”应为 applicant、public 或岗位", "'to' is applicant, public or a role"
            self.add(key, "to", "wrong-type", zh, en)
        paragraphs = {lang: self._paragraphs(key, f"body {lang}", body.get(lang, "")) for lang in LANGUAGES}
        template = Template(
            key=key,
            title={lang: title.get(lang, "") for lang in LANGUAGES},
            basis=str(basis),
            to=str(to),
            body=paragraphs,
            shows=self._shows(key, row.get("shows", [])),
            days=self._days(key, row.get("days")),
            while_=self._element(key, row.get("while", "")),
        )
        self._check_posting(template, row)
        return template if len(self.faults) == before else None

    def _both(self, key: str, row: Mapping[str, Any], name: str, longest: int) -> dict[str, str]:
        found = row.get(name)
        texts = found if isinstance(found, dict) else {}
        whole = set(texts) == set(LANGUAGES) and all(isinstance(t, str) and t.strip() for t in texts.values())
        if not whole or any(len(text) > longest for text in texts.values()):
            zh = f"“{name}”须有中文 zh 和英文 en，各不超过{longest}字"
            self.add(key, name, "missing-text", zh, f"{name} needs zh and en of at most {longest} characters")
            return {}
        return texts

    def _paragraphs(self, key: str, name: str, text: str) -> tuple[Paragraph, ...]:
        blocks = (block.strip() for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")))
        return tuple(self._parts(key, name, block) for block in blocks if block)

    def _parts(self, key: str, name: str, block: str) -> Paragraph:
        """Texts and expressions in turn."""
        parts: list[str | Expression] = []
        for place, piece in enumerate(_GAP.split(block)):
            if place % 2 == 0:
                if "{{" in piece or "}}" in piece:
                    self.add(key, name, "bad-gap", "“{{ }}”不成对", "a {{ has no }}")
                if piece:
                    parts.append(piece)
            elif (expression := self._feel(key, name, piece.strip())) is not None:
                parts.append(expression)
        return tuple(parts)

    def _feel(self, key: str, name: str, text: str) -> Expression | None:
        try:
            return feel.compile(text, names=self.names)
        except ExpressionError as error:
            self.add(key, name, error.code, f"{{{{ {text} }}}} {error.zh}", f"{{{{ {text} }}}} {error.en}")
            return None

    def _shows(self, key: str, found: Any) -> tuple[str, ...]:
        if isinstance(found, list) and all(isinstance(name, str) and name.strip() for name in found):
            return tuple(dict.fromkeys(found))
        self.add(key, "shows", "wrong-type", "“shows”应为变量名的列表", "'shows' is a list of variables")
        return ()

    def _days(self, key: str, found: Any) -> Expression | None:
        if found is None:
            return None
        if isinstance(found, str):
            return self._feel(key, "days", found)
        self.add(
            key, "days", "wrong-type", "“days”应为时限的 FEEL 文本", "'days' is the FEEL text of a limit"
        )
        return None

    def _element(self, key: str, found: Any) -> str:
        if isinstance(found, str):
            return found.strip()
        self.add(key, "while", "wrong-type", "“while”应为节点 id", "'while' is the id of an element")
        return ""

    def _check_posting(self, template: Template, row: Mapping[str, Any]) -> None:
        """A posting says what it shows and for how long; nothing else does."""
        key = template.key
        if not template.is_public:
            for name in _OF_POSTINGS:
                if name in row:
                    zh, en = (
                        f"{name} 只对公示（to: public）有意义",
                        f"{name} belongs on what is for the public",
                    )
                    self.add(key, name, "misplaced-field", zh, en)
            return
        if not template.shows:
            self.add(key, "shows", "missing-shows", "公示须列出所示变量", "a posting lists what it shows")
        if template.days is None and "days" not in row:
            self.add(key, "days", "missing-days", "公示须说明张贴多久", "a posting says how long it hangs")
        for name in sorted(template.reads - set(template.shows)):
            zh, en = f"正文读取了 shows 之外的“{name}”", f'the body reads "{name}", which shows leaves out'
            self.add(key, "body", "shows-more", zh, en)


DEFAULTS = load_notices(
    files("engine.notices").joinpath("defaults.yaml").read_bytes(), file="engine/notices/defaults.yaml"
)
"""NoticeFile that every process has; one of the same key beside the process takes its place."""
