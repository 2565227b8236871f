"""Tables of early warning: imports of departments' data, their signals, and the cases that warn of people."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from engine.store.metadata import Instant, metadata
from engine.store.tables import Id

# How far an import has come: one that was cut off goes on behind `read`.
warning_imports = Table(
    "warning_imports",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of the file
    Column("actor", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("read", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    UniqueConstraint("digest", "actor"),
)

# Append-only but for what is found out later: grade, case, and which version replaces this one.
warning_signals = Table(
    "warning_signals",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("import_id", Id, ForeignKey("warning_imports.id"), nullable=False),
    Column("source", Text, nullable=False),
    Column("record", Text, nullable=False),  # the department's own number
    Column("version", Integer, nullable=False),  # 1, 2, …: corrections
    Column("digest", LargeBinary, nullable=False),  # keyed, of the whole row
    Column("blind", LargeBinary, nullable=False),  # the key's id and a keyed hash of the person's number
    Column("indicator", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("region", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: who, how much, where to find them
    Column("grade", Text, nullable=False),  # red, orange, yellow or none: of this signal alone
    Column("replaced_by", Id),
    Column("case_id", Id, ForeignKey("cases.id")),
    Column("corrects_case", Id, ForeignKey("cases.id")),  # that the earlier version went to
    UniqueConstraint("source", "record", "version"),
)
Index("ix_warning_signals_blind", warning_signals.c.blind)
Index("ix_warning_signals_case_id", warning_signals.c.case_id, warning_signals.c.grade)

warnings = Table(
    "warnings",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("blind", LargeBinary, nullable=False),
    Column("grade", Text, nullable=False),
    Column("signals", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
Index("ix_warnings_blind", warnings.c.blind)
