"""`aidflow user` and `aidflow token`: what operators do to accounts and bearer tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from api.cli.common import OPERATOR, data_option, opened, settings_from
from engine.access import ROLES
from engine.actions import accounts, tokens
from engine.actions.sign_in_policy import SCOPES, SignInPolicy
from engine.clocks import SHANGHAI, wall
from engine.store import people
from engine.store.db import Tx
from engine.store.ids import read_id
from engine.types import Position

_PASSWORD = click.option("--password", help="Good for one use [generated and printed]")


@contextmanager
def _writing(data: Path | None, database_url: str | None) -> Iterator[tuple[Tx, SignInPolicy, datetime]]:
    settings = settings_from(data, database_url)
    with opened(settings) as database, database.write() as tx:
        yield tx, settings.sign_in, wall.now()


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
@_PASSWORD
@data_option
def user_add(
    username: str,
    name: str,
    name_en: str,
    held: tuple[str, ...],
    password: str | None,
    data: Path | None,
    database_url: str | None,
) -> None:
    """Add an account. Its password must be changed at the first sign-in."""
    positions = [_position(text) for text in held]
    with _writing(data, database_url) as (tx, policy, at):
        initial = accounts.add_account(
            tx,
            username=username,
            name=name,
            name_en=name_en,
            held=positions,
            password=password,
            policy=policy,
            actor=OPERATOR,
            at=at,
        )
    click.echo(f"added {username}")
    _tell(initial, password)


def _position(text: str) -> Position:
    role, separator, region = text.partition("@")
    if not (role and separator and region):
        raise click.UsageError(f"{text!r} is not ROLE@REGION, as in town.officer@350481100")
    if role not in ROLES:
        click.echo(f"{role} is none of the usual roles ({', '.join(sorted(ROLES))})", err=True)
    return Position(role=role, region=region)


def _tell(initial: str, given: str | None) -> None:
    if given is None:
        click.echo(f"initial password: {initial}")


@user.command("password")
@click.argument("username")
@_PASSWORD
@data_option
def user_password(username: str, password: str | None, data: Path | None, database_url: str | None) -> None:
    """Reset a password: good for one use; sessions end, tokens are revoked, locks released."""
    with _writing(data, database_url) as (tx, policy, at):
        initial = accounts.reset_password(
            tx, username=username, password=password, policy=policy, actor=OPERATOR, at=at
        )
    click.echo(f"reset the password of {username}")
    _tell(initial, password)


@user.command("unlock")
@click.argument("username")
@data_option
def user_unlock(username: str, data: Path | None, database_url: str | None) -> None:
    """Release an account that failed sign-ins have locked."""
    with _writing(data, database_url) as (tx, _, at):
        accounts.unlock_account(tx, username=username, actor=OPERATOR, at=at)
    click.echo(f"released {username}")


@user.command("deactivate")
@click.argument("username")
@data_option
def user_deactivate(username: str, data: Path | None, database_url: str | None) -> None:
    """Close an account: nobody signs in with it, its sessions end, its tokens are revoked."""
    with _writing(data, database_url) as (tx, _, at):
        accounts.set_active(tx, username=username, active=False, actor=OPERATOR, at=at)
    click.echo(f"deactivated {username}")


@user.command("activate")
@click.argument("username")
@data_option
def user_activate(username: str, data: Path | None, database_url: str | None) -> None:
    """Open a closed account again."""
    with _writing(data, database_url) as (tx, _, at):
        accounts.set_active(tx, username=username, active=True, actor=OPERATOR, at=at)
    click.echo(f"activated {username}")


@click.group()
def token() -> None:
    """Bearer tokens."""


@token.command("add")
@click.argument("username")
@click.option("--name", required=True, help="What the token is for")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="May be repeated [all]")
@click.option("--days", type=click.IntRange(min=1), help="How long it lives [90]")
@data_option
def token_add(
    username: str,
    name: str,
    scopes: tuple[str, ...],
    days: int | None,
    data: Path | None,
    database_url: str | None,
) -> None:
    """Print a new bearer token for USERNAME; it is shown once."""
    with _writing(data, database_url) as (tx, policy, at):
        actor = people.find_actor(tx, username, at.astimezone(SHANGHAI).date())
        if actor is None:
            raise click.ClickException(f"there is no active account {username!r}")
        secret, made = tokens.create_token(
            tx, name=name, actor=actor, scopes=scopes or None, days=days, policy=policy, at=at
        )
    click.echo(secret)
    click.echo(f"expires {made.expires_at.isoformat()}", err=True)


@token.command("list")
@click.argument("username", required=False)
@data_option
def token_list(username: str | None, data: Path | None, database_url: str | None) -> None:
    """List live bearer tokens, of USERNAME or of everybody."""
    with opened(settings_from(data, database_url)) as database, database.read() as tx:
        for item in tokens.list_tokens(tx, username=username, at=wall.now()):
            used = item.last_used_at.isoformat(timespec="minutes") if item.last_used_at else "never"
            scopes, ends = ",".join(item.scopes), item.expires_at.date().isoformat()
            click.echo(f"{item.id}  {item.username}  {item.name}  {scopes}  until {ends}  used {used}")


@token.command("revoke")
@click.argument("token_id")
@data_option
def token_revoke(token_id: str, data: Path | None, database_url: str | None) -> None:
    """Revoke a bearer token by the id that `token list` shows."""
    with _writing(data, database_url) as (tx, _, at):
        tokens.revoke_token(tx, token_id=read_id(token_id), username=None, actor=OPERATOR, at=at)
    click.echo(f"revoked {token_id}")


COMMANDS = (user, token)
