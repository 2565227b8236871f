"""The command line. One file a group of commands; each calls the same actions as the API."""

from __future__ import annotations

import sys

import click

from api.cli import accounts, admin, calendar, files, keys, means, people, serve, warnings
from engine.errors import EngineError
from engine.store.db import DatabaseError
from engine.types import Finding


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aidflow")
def cli() -> None:
    """Run social-assistance (社会救助) cases on lawful clocks."""


for module in (serve, files, admin, accounts, people, means, warnings, calendar, keys):
    for command in module.COMMANDS:
        cli.add_command(command)


def _details(error: EngineError) -> list[str]:
    """What the sentence of an error does not say already: findings by file and line, or faults by place."""
    if findings := error.data.get("findings"):
        return [files.show_finding(Finding(**finding)) for finding in findings]
    if len(error.errors) == 1 and error.errors[0].en.rstrip(".") in error.en:
        return []
    return [f"{item.pointer}: {item.zh} {item.en}" for item in error.errors]


def main() -> None:
    """Exit codes: 0 done, 1 it failed or a check found something, 2 the command line is wrong."""
    try:
        # Without its standalone mode click returns the code of an `Exit` instead of leaving with it.
        sys.exit(cli(standalone_mode=False) or 0)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DatabaseError as error:
        click.echo(f"Error: the database cannot be used: {error.args[0]}", err=True)
        sys.exit(1)
    except EngineError as error:
        click.echo(f"{error.zh}\n{error.en}", err=True)
        for line in _details(error):
            click.echo(f"  {line}", err=True)
        sys.exit(1)
