"""Every error the engine raises on purpose. The class docstring is the default English sentence.

Two families: `InputError` is theirs (a person or file can put it right, 4xx at the edge),
`EngineFault` is ours. An error carries data, never HTTP and never HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One field or element at fault: `pointer` is an RFC 6901 JSON pointer, or `#element-id`."""

    pointer: str
    zh: str
    en: str
    code: str = "invalid"


@dataclass(eq=False)
class EngineError(Exception):
    """Something went wrong."""

    en: str = ""
    zh: str = ""
    errors: list[FieldError] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    code: ClassVar[str] = "error"
    default_zh: ClassVar[str] = "出错了。"

    def __post_init__(self) -> None:
        self.en = self.en or (type(self).__doc__ or "").strip()
        self.zh = self.zh or self.default_zh
        super().__init__(self.en)

    def __str__(self) -> str:
        return self.en


class InputError(EngineError):
    """The request cannot be carried out as it stands; correct it and send it again."""

    code = "invalid-input"
    default_zh = "请求有误，请改正后重新提交。"


class NotFoundError(InputError):
    """There is nothing here that you may see under this address."""

    code = "not-found"
    default_zh = "没有找到，或您无权查看。"


class ForbiddenError(InputError):
    """Your roles do not allow this here."""

    code = "forbidden"
    default_zh = "您的岗位无权在此办理该事项。"


class ConflictError(InputError):
    """Somebody else got there first; reload and look again."""

    code = "conflict"
    default_zh = "他人已先行办理，请刷新后再看。"


class StaleVersionError(ConflictError):
    """The case has changed since you looked at it; reload and look again."""

    code = "stale-version"
    default_zh = "案件在您查看之后已有变化，请刷新后再办。"


class TaskNotOpenError(ConflictError):
    """This task is not open any more."""

    code = "task-not-open"
    default_zh = "该任务已不在待办状态。"


class AnswersError(InputError):
    """Some answers need correcting."""

    code = "invalid-answers"
    default_zh = "部分填写内容需要更正。"


class DeploymentError(InputError):
    """The files cannot be deployed; each finding names the element and the reason."""

    code = "deployment-refused"
    default_zh = "文件不能部署，请按所列问题逐项修改。"


class ExpressionError(InputError):
    """The expression cannot be read or run."""

    code = "bad-expression"
    default_zh = "表达式无法解析或执行。"


class BoundError(ExpressionError):
    """The expression passed a safety bound (steps, depth, size or time)."""

    code = "expression-bound"
    default_zh = "表达式超出安全限度（步数、深度、大小或时间）。"


class EngineFault(EngineError):
    """The engine failed; the case stays at its last good step."""

    code = "engine-fault"
    default_zh = "系统处理失败，案件停留在上一步。"


class IncidentError(EngineFault):
    """An element of the process failed while running."""

    code = "incident"
    default_zh = "流程节点执行失败。"


class BusinessError(Exception):
    """A handler's answer that the process itself deals with: an error boundary event of this code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
