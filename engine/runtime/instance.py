"""One running case, as the actions see it: what may be done to it. `views` says what is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.errors import TaskNotOpenError
from engine.runtime import state, views
from engine.runtime.case import Case
from engine.runtime.delivery import find_catcher, publish, throw, trigger
from engine.runtime.processes import ProcessSet
from engine.runtime.running import advance, failure, retry
from engine.runtime.scopes import weigh_all
from engine.runtime.spiff import (
    BpmnEvent,
    ErrorEventDefinition,
    MessageEventDefinition,
    SignalEventDefinition,
    TaskState,
)
from engine.runtime.tasks import HumanTask, JobTask
from engine.runtime.tokens import Token
from engine.runtime.values import (
    ElementEvent,
    Failure,
    Host,
    Job,
    OpenTask,
    Status,
    Subscription,
    WaitingTimer,
)


class Instance:
    """A running case. Not for several threads at once; the process set that it runs is.

    Every method that moves the case runs it to the next wait and returns what failed on the way.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self.failures: list[Failure] = []

    @classmethod
    def start(cls, processes: ProcessSet, key: str, variables: Mapping[str, Any], host: Host) -> Instance:
        """A new case before its start event; `run()` starts it. Raises `NotFoundError`, `BoundError`."""
        case = Case(processes, key, host)
        instance = cls(case)
        instance.set_variables(variables)
        return instance

    @classmethod
    def load(cls, processes: ProcessSet, key: str, saved: bytes, host: Host) -> Instance:
        """A case from `dump()`. Raises `EngineFault` if the bytes are not a case of this process."""
        return cls(state.load(processes, key, saved, host))

    def dump(self) -> bytes:
        """The whole state, without the definition."""
        return state.dump(self._case)

    # moving

    def run(self) -> list[Failure]:
        """Run to the next wait; elements that failed before are tried again."""
        case = self._case
        if case.status == "active" and not case.begun:
            try:
                watches = case.watches(case.process_key, case.scope)
            except Exception as problem:  # an incident like any other
                return [failure(case.process_key, "0", problem)]
            case.begin_level(case, watches)
            case.begun = True
        retry(case)
        return advance(case)

    def complete(self, task_key: str, answers: Mapping[str, Any]) -> list[Failure]:
        """Complete a user task with its answers. Raises `TaskNotOpenError`, `BoundError`."""
        return self._finish(self._waiting(task_key, HumanTask), answers)

    def finish_job(self, job_key: str, result: Mapping[str, Any]) -> list[Failure]:
        """Complete a waiting job with its result. Raises `TaskNotOpenError`, `BoundError`."""
        return self._finish(self._waiting(job_key, JobTask), result)

    def _finish(self, token: Token, results: Mapping[str, Any]) -> list[Failure]:
        token.internal_data["results"] = self._values(results)
        token._ready()
        return advance(self._case)

    def throw_error(self, job_key: str, error_code: str, message: str) -> list[Failure]:
        """A job answers with a BPMN error; uncaught, it is a failure and the job keeps waiting."""
        token = self._waiting(job_key, JobTask)
        event = BpmnEvent(ErrorEventDefinition(message, error_code))
        catcher = find_catcher(token.workflow, event, token)
        if catcher is None:
            return [
                Failure(
                    element_id=token.task_spec.element_id,
                    key=token.id,
                    en=f"The error {error_code!r} is caught nowhere: {message}",
                    zh=f"错误 {error_code!r} 没有任何节点捕获：{message}",
                    code="uncaught-error",
                )
            ]
        trigger(self._case, catcher, None)
        return advance(self._case)

    def fire_timer(self, timer_key: str) -> list[Failure]:
        """A timer is due. Raises `TaskNotOpenError` if it is not armed."""
        token = self._case.event_manager.tasks.get(timer_key)
        if token is None or "timer" not in token.internal_data:
            raise TaskNotOpenError(en="This timer is not armed any more.", zh="该定时器已不再等待。")
        trigger(self._case, token, None)
        return advance(self._case)

    def message(self, name: str, payload: Mapping[str, Any], correlation: Any = None) -> bool:
        """Deliver a message; False if nothing in the case waits for it. See `failures`."""
        event = BpmnEvent(MessageEventDefinition(name), payload=self._values(payload))
        caught = publish(self._case, event, correlation)
        self.failures = advance(self._case) if caught else []
        return caught

    def signal(self, name: str, payload: Mapping[str, Any]) -> list[Failure]:
        """Broadcast a signal inside the case."""
        throw(self._case, self._case, BpmnEvent(SignalEventDefinition(name), payload=self._values(payload)))
        return advance(self._case)

    def terminate(self) -> None:
        """End the case from outside: everything open is cancelled."""
        if self._case.status == "active":
            self._case.clear()
            self._case.status = "terminated"
            self._case.queue.clear()

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Write process variables. Raises `BoundError`."""
        self._case.scope.set_local(self._values(variables))

    def _values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """FEEL values of what a caller gives; raises `InputError` for what FEEL has no value for or room."""
        values = {name: feel.to_feel(value) for name, value in given.items()}
        self._case.budget.check(weigh_all(values))
        return values

    def _waiting(self, key: str, kind: type) -> Token:
        token = self._case.find(key)
        if token is None or not isinstance(token.task_spec, kind) or token.state != TaskState.WAITING:
            raise TaskNotOpenError
        return token

    # looking

    def user_tasks(self) -> tuple[OpenTask, ...]:
        """The user tasks that wait for a person, oldest first."""
        return views.user_tasks(self._case)

    def timers(self) -> tuple[WaitingTimer, ...]:
        """The armed timers, oldest first."""
        return views.timers(self._case)

    def jobs(self) -> tuple[Job, ...]:
        """The jobs that wait for their result, oldest first."""
        return views.jobs(self._case)

    def messages(self) -> tuple[Subscription, ...]:
        """The messages that the case waits for, oldest first."""
        return views.messages(self._case)

    @property
    def handed_over(self) -> list[Job]:
        """The jobs handed over since load, which nobody waits for."""
        return self._case.handed_over

    @property
    def trace(self) -> list[ElementEvent]:
        """What happened since load, in order."""
        return self._case.trace

    @property
    def variables(self) -> dict[str, Any]:
        """The process variables."""
        return dict(self._case.scope.vars)

    @property
    def status(self) -> Status:
        return self._case.status

    @property
    def outcome(self) -> str | None:
        """What the last end event of the process said; None before one is reached."""
        return self._case.outcome

    def evaluate(self, text: str, key: str | None = None) -> Any:
        """A FEEL text (such as a property) over the process variables, or over those an element sees."""
        token = self._case.find(key) if key else None
        scope = token.scope if token is not None else self._case.scope
        return self._case.feel.value(text, scope.view())
