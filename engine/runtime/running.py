"""The step loop: runs ready tokens until every one waits, fails, or the bound is reached."""

from __future__ import annotations

from engine.errors import EngineError
from engine.runtime.case import Case
from engine.runtime.spiff import TaskState
from engine.runtime.tokens import Token
from engine.runtime.values import Failure

#: Elements entered in one run; a process that needs more loops for ever.
MAX_STEPS = 10_000


def advance(case: Case) -> list[Failure]:
    """Run every automatic step. A token that fails is held back and reported; the others go on."""
    failures: list[Failure] = []
    steps = 0
    while True:
        while case.queue:
            token = case.queue.popleft()
            if token.gone or token.held or token.state not in (TaskState.FUTURE, TaskState.READY):
                continue
            steps += token.state == TaskState.FUTURE  # an element is entered once
            if steps > MAX_STEPS:
                failures.append(_exhausted(case, token))
                return failures
            try:
                _step(token)
            except Exception as problem:  # one element's failure is an incident, not a crash
                failures.append(_failed(token, problem))
        ready = case.joins()
        if not ready:
            return failures
        for token in ready:
            token.task_spec.join(token)
            token._ready()


def retry(case: Case) -> None:
    """Let the tokens that failed run again."""
    for level in [case, *case.subprocesses.values()]:
        for token in level.live():
            if token.held:
                token.held = False
                case.enqueue(token)


def _step(token: Token) -> None:
    if token.state == TaskState.FUTURE:
        token.task_spec._update(token)
    else:
        token.run()


def _failed(token: Token, problem: Exception) -> Failure:
    if token.state != TaskState.FUTURE:
        token._set_state(TaskState.READY)
    token.held = True
    return failure(token.task_spec.element_id, token.id, problem)


def failure(element_id: str, key: str, problem: Exception) -> Failure:
    """What to report of an exception raised by an element."""
    if isinstance(problem, EngineError):
        return Failure(element_id=element_id, key=key, en=problem.en, zh=problem.zh, code=problem.code)
    what = f"{type(problem).__name__}: {problem}"
    return Failure(
        element_id=element_id, key=key, en=f"The element failed ({what}).", zh=f"节点执行失败（{what}）。"
    )


def _exhausted(case: Case, token: Token) -> Failure:
    for other in (token, *case.queue):
        other.held = True
    case.queue.clear()
    return Failure(
        element_id=token.task_spec.element_id,
        key=token.id,
        en=f"The case took more than {MAX_STEPS} automatic steps without a wait; it probably loops for ever.",
        zh=f"案件连续自动执行超过 {MAX_STEPS} 步而未遇等待，很可能陷入死循环。",
        code="endless-loop",
    )
