"""What the engine's own jobs and messages write is known at deployment, and a case's result is read last."""

from __future__ import annotations

from .bpmn_builder import (
    PERSON,
    check,
    codes,
    definitions,
    end,
    ext,
    flow,
    process,
    props,
    script,
    start,
    tag,
    user,
)


def job(kind: str, *mappings: str) -> str:
    io = tag("zeebe:ioMapping", "".join(mappings)) if mappings else ""
    return tag("serviceTask", ext(tag("zeebe:taskDefinition", type=kind), io), id="x")


def output(source: str, target: str) -> str:
    return tag("zeebe:output", source=f"={source}", target=target)


def deployed(*elements: str) -> list[str]:
    way = flow("begin > x > t > done")
    return codes(check(definitions(process(start(form="f"), *elements, end(), way)), f_form=PERSON))


def test_the_case_that_a_job_opens_is_known_to_its_mappings_and_to_what_follows() -> None:
    opened = job("open-case", output("case_id", "other"))
    assert "unknown-name t" not in deployed(opened, script("t", "other"))
    assert "unknown-name t" not in deployed(job("open-case"), script("t", "case_id + case_number"))


def test_a_job_done_inside_the_engine_brings_nothing_else() -> None:
    assert "unknown-name t" in deployed(job("open-case"), script("t", "case_nummer"))
    assert "unknown-name t" in deployed(job("tell-case"), script("t", "case_id"))


def test_the_result_may_read_what_the_last_step_wrote() -> None:
    def of(text: str) -> list[str]:
        result, way = ext(props({"result": text})), flow("begin > x > t > done")
        whole = process(result, start(form="f"), user("x"), script("t", "1", "total"), end(), way)
        return codes(check(definitions(whole), f_form=PERSON))

    assert of("={sum: total}") == []
    assert any(code.startswith("unknown-name") for code in of("={sum: totl}"))
