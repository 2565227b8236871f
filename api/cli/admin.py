"""`aidflow db`, `verify`, `user`, `token` and `export`: what operators do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import click

from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.access import ROLES
from engine.actions.export_cases import export_cases
from engine.actions.sign_in import create_token, hash_password
from engine.actions.verify import verify as verify_record
from engine.clocks import wall
from engine.store import people


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@data_option
def db_upgrade(data: Path | None, database_url: str | None) -> None:
    """Bring the schema to this release."""
    with opened(settings_from(data, database_url), upgrade=True):
        click.echo("the schema is current")


@click.command()
@data_option
def verify(data: Path | None, database_url: str | None) -> None:
    """Recompute history chains, clocks and armed deadlines; exit code 1 if anything diverges."""
    with opened(settings_from(data, database_url)) as database, database.read() as tx:
        report = verify_record(tx, at=wall.now())
    for problem in report.problems:
        click.echo(problem, err=True)
    click.echo(f"{report.cases} cases, {report.events} events checked; {len(report.problems)} problems")
    if report.problems:
        raise click.exceptions.Exit(1)


@click.group()
def user() -> None:
    """Accounts and positions."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The person's name")
@click.option("--name-en", default="", help="The name in English")
@click.option(
    "--position", "held", multiple=True, metavar="ROLE@REGION", help="For example town.officer@350481100"
)
@click.password_option()
@data_option
def user_add(
    username: str,
    name: str,
    name_en: str,
    held: tuple[str, ...],
    password: str,
    data: Path | None,
    database_url: str | None,
) -> None:
    """Add an account."""
    today = wall.now().date()
    with opened(settings_from(data, database_url)) as database, database.write() as tx:
        people.add_account(
            tx, username=username, name=name, name_en=name_en, password_hash=hash_password(password)
        )
        for position in held:
            role, region = _role_and_region(position)
            people.add_position(tx, username=username, role=role, region=region, valid_from=today)
    click.echo(f"added {username}")


def _role_and_region(position: str) -> tuple[str, str]:
    role, separator, region = position.partition("@")
    if not (role and separator and region):
        raise click.UsageError(f"{position!r} is not ROLE@REGION, as in town.officer@350481100")
    if role not in ROLES:
        click.echo(f"{role} is none of the usual roles ({', '.join(sorted(ROLES))})", err=True)
    return role, region


@user.command("password")
@click.argument("username")
@click.password_option()
@data_option
def user_password(username: str, password: str, data: Path | None, database_url: str | None) -> None:
    """Set a new password."""
    with opened(settings_from(data, database_url)) as database, database.write() as tx:
        people.set_password_hash(tx, username=username, password_hash=hash_password(password))
    click.echo(f"changed the password of {username}")


@click.group()
def token() -> None:
    """Bearer tokens."""


@token.command("add")
@click.argument("username")
@click.option("--name", required=True, help="What the token is for")
@data_option
def token_add(username: str, name: str, data: Path | None, database_url: str | None) -> None:
    """Print a new bearer token for USERNAME; it is shown once."""
    at = wall.now()
    with opened(settings_from(data, database_url)) as database, database.write() as tx:
        actor = people.find_actor(tx, username, at.date())
        if actor is None:
            raise click.ClickException(f"there is no active account {username!r}")
        secret, expires_at = create_token(tx, name=name, actor=actor, at=at)
    click.echo(secret)
    click.echo(f"expires {expires_at.isoformat()}", err=True)


@click.command()
@click.option(
    "--out", type=click.File("w", encoding="utf-8"), default="-", help="File to write [standard output]"
)
@data_option
def export(out: IO[str], data: Path | None, database_url: str | None) -> None:
    """Write every case with its whole record, one JSON object a line."""
    out.write("")  # opens the file, so that a wrong one is said before the work
    count = 0
    with opened(settings_from(data, database_url)) as database, database.read() as tx:
        for case in export_cases(tx, actor=OPERATOR):
            out.write(json.dumps(case, ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"{count} cases exported", err=True)


COMMANDS = (db, verify, user, token, export)
