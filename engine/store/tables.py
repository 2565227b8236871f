"""The tables, and nothing else: one schema for SQLite and PostgreSQL.

What only open work needs is indexed by partial indexes, so that finished cases cost no
index space. Tables of people and sessions stand beside these, in `people_tables`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.metadata import Instant, metadata

# SQLite makes an INTEGER PRIMARY KEY the row itself; as BIGINT it would cost a second index.
Id = BigInteger().with_variant(Integer(), "sqlite")


def _partial_index(name: str, *columns: Column[Any], where: str) -> None:
    Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _case_id() -> Column[int]:
    return Column("case_id", Id, ForeignKey("cases.id"), nullable=False)


deployments = Table(
    "deployments",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("findings", Text, nullable=False),  # JSON
)

definitions = Table(
    "definitions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # zlib of {file name: text}
)

process_versions = Table(
    "process_versions",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", Text, ForeignKey("definitions.hash"), nullable=False),
    Column("name", Text, nullable=False),
    Column("version_tag", Text),
    Column("deployment_id", Id, ForeignKey("deployments.id"), nullable=False),
    Column("current", Boolean, nullable=False),  # the one that new cases take
    UniqueConstraint("key", "version"),
    UniqueConstraint("key", "hash"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("number", Text, nullable=False),
    Column("process_id", Id, ForeignKey("process_versions.id"), nullable=False),
    Column("region", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("outcome", Text),
    Column("version", Integer, nullable=False),
    Column("business_key", Text),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("accepted_at", Instant),
    Column("closed_at", Instant),
    Column("yellow_at", Instant),  # the first running clock or task to turn yellow, and red
    Column("red_at", Instant),
    Column("paused", Boolean, nullable=False),  # a clock stands still and none runs
    Column("calendar", Integer, nullable=False),  # revision of the calendar that its clocks are counted on
    Column("seq", Integer, nullable=False),  # head of the history chain
    Column("head", LargeBinary, nullable=False),
    Column("decided_at", Instant),  # when the case's first clock stopped with a decision
    Column("decision_due", Instant),  # and when it was due then; none where no limit ran
    Column("state", LargeBinary),  # none once the case is closed: history keeps the record
    UniqueConstraint("number"),
)
Index("ix_cases_region", cases.c.region, cases.c.id)
_partial_index("ix_cases_business_key", cases.c.business_key, where="business_key IS NOT NULL")
_partial_index("ix_cases_red_at", cases.c.red_at, where="red_at IS NOT NULL")
_partial_index("ix_cases_open_process_id", cases.c.process_id, cases.c.region, where="closed_at IS NULL")

tasks = Table(
    "tasks",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _case_id(),
    Column("key", Text, nullable=False),  # the engine's name for it, unique in the case
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("region", Text, nullable=False),
    Column("assignee", Text),
    Column("held_since", Instant),
    Column("candidates", Text),  # "|town.officer|@li.na|": roles, and users after "@"
    Column("separate_from", Text),  # element ids, "|a|b|"
    Column("form_id", Text),
    Column("priority", SmallInteger, nullable=False),
    Column("follow_up", Instant),
    Column("due", Instant),
    Column("yellow_at", Instant),
    Column("red_at", Instant),
    Column("paused", Boolean, nullable=False),
    Column("draft", LargeBinary),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", Text),  # none when the process took the task away
    Column("closed_for", Text),  # whose leave the doer covered
    Column("process_id", Id),  # the version it is done under, which its case may leave; for counting
    Column("draft_by", Text),
    Column("draft_at", Instant),
)
Index("ix_tasks_case_id", tasks.c.case_id)
_partial_index("ix_tasks_open_case_id", tasks.c.case_id, where="closed_at IS NULL")
_partial_index("ix_tasks_open_region", tasks.c.region, tasks.c.due, where="closed_at IS NULL")
_partial_index(
    "ix_tasks_open_assignee",
    tasks.c.assignee,
    where="closed_at IS NULL AND assignee IS NOT NULL",
)

clocks = Table(
    "clocks",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("ledger", Text, nullable=False),  # compact JSON; everything else here derives from it
    Column("due", Instant),  # none when stopped or paused
    Column("yellow_at", Instant),
    Column("red_at", Instant),
)
_partial_index("ix_clocks_due", clocks.c.due, where="due IS NOT NULL")

timers = Table(
    "timers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _case_id(),
    Column("kind", Text, nullable=False),  # "diagram" or "net"
    Column("key", Text, nullable=False),  # the engine's key of the timer; of the task, for a net
    Column("clock", Text),  # the clock that governs it
    Column("due", Instant),
    Column("run_at", Instant),  # when a worker takes it: due, or later after a failure; none while held
    Column("priority", SmallInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("data", Text, nullable=False),  # compact JSON: element, cycle, level, held since
)
Index("ix_timers_case_id", timers.c.case_id)
_partial_index("ix_timers_run_at", timers.c.priority, timers.c.run_at, where="run_at IS NOT NULL")

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _case_id(),
    Column("kind", Text, nullable=False),  # "notice" or "job"
    Column("type", Text, nullable=False),
    Column("key", Text),  # the engine's job key; none for what nobody waits for
    Column("payload", LargeBinary, nullable=False),  # JSON, zlib when that is shorter
    Column("priority", SmallInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("retries", SmallInteger, nullable=False),
    Column("run_at", Instant),  # none when finished, failed or withdrawn
    Column("finished_at", Instant),
    Column("sink", Text),  # who took it: "record" or the handler's name
)
Index("ix_outbox_case_id", outbox.c.case_id)
_partial_index("ix_outbox_run_at", outbox.c.priority, outbox.c.run_at, where="run_at IS NOT NULL")

incidents = Table(
    "incidents",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _case_id(),
    Column("kind", Text, nullable=False),  # "element", "timer" or "effect"
    Column("key", Text, nullable=False),  # of the element, or the id of the timer or outbox item
    Column("element_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", Text),
)
Index("ix_incidents_case_id", incidents.c.case_id)
_partial_index("ix_incidents_open", incidents.c.id, where="closed_at IS NULL")

events = Table(
    "events",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),  # canonical JSON, zlib when that is shorter
    Column("hash", LargeBinary, nullable=False),
)

# Who is a relative of somebody in the case, by a form's fields: what was filed is never unsaid.
recusals = Table(
    "recusals",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),  # "name" or "account"
    Column("value", Text, primary_key=True),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request", LargeBinary, nullable=False),  # SHA-256 of method, path and body
    Column("status", SmallInteger, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)
Index("ix_idempotency_keys_at", idempotency_keys.c.at)

# Announcements are added, never changed: what was known on a day can be told for ever.
calendar_days = Table(
    "calendar_days",
    metadata,
    Column("region", Text, primary_key=True),  # administrative code prefix, "" for the nation
    Column("day", Date, primary_key=True),
    Column("announced", Date, primary_key=True),
    Column("works", Boolean, nullable=False),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("source", Text, nullable=False),
)

calendar_years = Table(
    "calendar_years",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("announced", Date, nullable=False),
    Column("source", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
