"""What commands share: the data option, an open database with the current schema, the shipped files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import click

from api.settings import Settings
from engine.store import schema
from engine.store.db import Database, open_database
from engine.types import Actor, Position

Command = TypeVar("Command", bound=Callable[..., Any])

# Whoever can run commands on the server administers it; the record names the command line as the actor.
OPERATOR = Actor(
    username="command-line",
    name="命令行",
    positions=(Position(role="admin", region=""), Position(role="designer", region="")),
)


def data_option(command: Command) -> Command:
    """`--data FOLDER` and `--database URL`, also from AIDFLOW_DATA and AIDFLOW_DATABASE_URL."""
    command = click.option(
        "--data", type=click.Path(path_type=Path), help="Folder of the embedded database [data]"
    )(command)
    return click.option("--database", "database_url", help="SQLAlchemy URL instead of the folder")(command)


def settings_from(data: Path | None, database_url: str | None, **overrides: Any) -> Settings:
    """Settings from the environment with the command line's values on top."""
    if data is not None:
        overrides["data"] = data
    if database_url:
        overrides["database_url"] = database_url
    try:
        return Settings.from_environment(**overrides)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def opened(settings: Settings, *, upgrade: bool = False) -> Iterator[Database]:
    """The database, closed at the end; without `upgrade`, an old schema is refused with what to do."""
    if not settings.database_url:
        settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.url)
    try:
        if upgrade:
            schema.upgrade(database)
        elif not schema.is_current(database):
            raise click.ClickException("the database has an older schema; run `aidflow db upgrade` first")
        yield database
    finally:
        database.close()


def shipped(name: str) -> Path:
    """The folder `processes` or `forms`: beside the code in a checkout, else inside the installed wheel."""
    beside = Path(__file__).resolve().parent.parent.parent / name
    return beside if beside.is_dir() else Path(str(files("aidflow_data").joinpath(name)))
