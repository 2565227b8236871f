"""Brings a database to the schema of this release and says whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from engine.errors import EngineError
from engine.store.db import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


class UnknownSchemaError(EngineError):
    """The database was made by another release of aidflow, which this one does not know; run a newer one."""

    code = "unknown-schema"
    default_zh = "数据库由本版本不认识的另一版本建立，请使用更新的版本。"


def alembic_config() -> Config:
    """Alembic's settings; there is no `alembic.ini`."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the missing migrations in one transaction; does nothing when there are none."""
    config = alembic_config()
    with database.write() as tx:
        config.attributes["connection"] = tx
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise UnknownSchemaError from error


def is_current(database: Database) -> bool:
    """Whether the database has exactly the schema of this release."""
    heads = set(ScriptDirectory.from_config(alembic_config()).get_heads())
    with database.read() as tx:
        return set(MigrationContext.configure(tx).get_current_heads()) == heads
