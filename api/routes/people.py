"""People and their positions, also as tables."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from api.auth import settings
from api.bodies import read_uploads
from api.endpoint import Call, endpoint
from api.language import language
from api.problems import FieldsError
from api.schemas import answers
from api.schemas import people as schemas
from engine.actions import manage_account, staff
from engine.actions.import_people import export_people, import_people
from engine.actions.sheets import ImportReport, as_date
from engine.actions.staff import NewPosition
from engine.errors import FieldError
from engine.store.staff import Person

routes = Blueprint("people", __name__, url_prefix="/api/v1")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_day(text: str | None, pointer: str) -> Any:
    """The date in a text that looks like one; None stays None."""
    found = as_date(text) if text is not None else None
    if text is not None and found is None:
        error = FieldError(pointer=pointer, zh=f"没有{text}这一天。", en=f"There is no day {text}.")
        raise FieldsError(errors=[error])
    return found


def show_report(report: ImportReport) -> dict[str, Any]:
    """What an import did, in the caller's language."""
    faults = [
        {"row": fault.row, "column": fault.column, "message": fault.zh if language() == "zh" else fault.en}
        for fault in report.faults
    ]
    names = ("rows", "added", "changed", "unchanged", "written")
    return {**{name: getattr(report, name) for name in names}, "faults": faults}


def read_table() -> bytes:
    """The one file of an import."""
    content: bytes = read_uploads("table")[0].read()
    return content


def _show(person: Person) -> dict[str, Any]:
    held = [
        {name: getattr(one, name) for name in ("role", "region", "valid_from", "valid_to")}
        for one in person.positions
    ]
    names = ("username", "name", "name_en", "active")
    return {**{name: getattr(person, name) for name in names}, "positions": held}


def _position(said: schemas.PositionIn, pointer: str = "") -> NewPosition:
    return NewPosition(
        role=said.role,
        region=said.region,
        valid_from=read_day(said.valid_from, f"{pointer}/valid_from"),
        valid_to=read_day(said.valid_to, f"{pointer}/valid_to"),
    )


@endpoint(
    routes, "GET", "/people", query=schemas.PeopleQuery, answer=answers.Page[schemas.Person], access="read",
    problems=(403,),
)  # fmt: skip
def list_people(call: Call) -> dict[str, Any]:
    """Who serves where, in the regions that you are in charge of."""
    query = {name: value for name, value in dict(call.query).items() if value is not None}
    page = staff.list_staff(call.tx, actor=call.actor, **query)
    return {"items": [_show(person) for person in page.items], "next": page.next}


@endpoint(
    routes, "POST", "/people", body=schemas.PersonIn, answer=schemas.NewPerson, access="admin", status=201,
    problems=(403, 409), secret=True,
)  # fmt: skip
def add_person(call: Call) -> dict[str, Any]:
    """Add an account with its positions; the password must be changed at first use."""
    said: schemas.PersonIn = call.body
    person, initial = staff.add_person(
        call.tx,
        username=said.username,
        name=said.name,
        name_en=said.name_en,
        positions=[_position(one, f"/positions/{n}") for n, one in enumerate(said.positions)],
        password=said.password,
        policy=settings().sign_in,
        actor=call.actor,
        at=call.at,
    )
    return {**_show(person), "initial_password": None if said.password else initial}


@endpoint(
    routes, "POST", "/people/{username}/positions", body=schemas.PositionIn, answer=schemas.Person,
    access="admin", status=201, problems=(403, 404, 409),
)  # fmt: skip
def add_position(call: Call, username: str) -> dict[str, Any]:
    """Give somebody a position from a day on."""
    position = _position(call.body)
    return _show(
        staff.add_position(call.tx, username=username, position=position, actor=call.actor, at=call.at)
    )


@endpoint(
    routes, "POST", "/people/{username}/positions/end", body=schemas.PositionEnd, answer=schemas.Person,
    access="admin", problems=(403, 404),
)  # fmt: skip
def end_position(call: Call, username: str) -> dict[str, Any]:
    """End a position that somebody holds today."""
    said: schemas.PositionEnd = call.body
    person = staff.end_position(
        call.tx,
        username=username,
        role=said.role,
        region=said.region,
        last_day=read_day(said.last_day, "/last_day"),
        actor=call.actor,
        at=call.at,
    )
    return _show(person)


@endpoint(
    routes, "POST", "/people/import", query=schemas.ImportQuery, answer=schemas.ImportReport, access="admin",
    problems=(400, 403, 413, 415, 422), upload="table",
)  # fmt: skip
def import_staff(call: Call) -> dict[str, Any]:
    """Bring people and positions in line with a CSV or Excel table; rows at fault are told one by one."""
    return show_report(
        import_people(call.tx, data=read_table(), actor=call.actor, at=call.at, **dict(call.query))
    )


@endpoint(routes, "GET", "/people.csv", answer=None, media="text/csv", access="admin", problems=(403,))
def export_people_csv(call: Call) -> Response:
    """People and positions as CSV, as the import reads them."""
    return Response(export_people(call.tx, actor=call.actor, form="csv"), mimetype="text/csv")


@endpoint(routes, "GET", "/people.xlsx", answer=None, media=EXCEL, access="admin", problems=(403,))
def export_people_excel(call: Call) -> Response:
    """People and positions as Excel, codes as text."""
    return Response(export_people(call.tx, actor=call.actor, form="xlsx"), mimetype=EXCEL)


@endpoint(routes, "GET", "/people/{username}", answer=schemas.Account, access="read", problems=(403, 404))
def show_person(call: Call, username: str) -> dict[str, Any]:
    """Somebody with their positions, past and to come."""
    return _account(manage_account.get_account(call.tx, username=username, actor=call.actor, at=call.at))


@endpoint(
    routes, "POST", "/people/{username}/name", body=schemas.Rename, answer=schemas.Account, access="admin",
    problems=(403, 404),
)  # fmt: skip
def rename_person(call: Call, username: str) -> dict[str, Any]:
    """Change what somebody is called."""
    said: schemas.Rename = call.body
    return _account(
        manage_account.rename_person(
            call.tx, username=username, name=said.name, name_en=said.name_en, actor=call.actor, at=call.at
        )
    )


@endpoint(
    routes, "POST", "/people/{username}/active", body=schemas.ActiveIn, answer=schemas.Account,
    access="admin", problems=(403, 404, 409),
)  # fmt: skip
def set_person_active(call: Call, username: str) -> dict[str, Any]:
    """Close an account with its sessions and tokens, or open it again."""
    return _account(
        manage_account.set_account_active(
            call.tx, username=username, active=call.body.active, actor=call.actor, at=call.at
        )
    )


@endpoint(
    routes, "POST", "/people/{username}/release", answer=schemas.Account, access="admin", problems=(403, 404)
)
def release_person(call: Call, username: str) -> dict[str, Any]:
    """End the locks that failed sign-ins put on an account."""
    return _account(manage_account.release_account(call.tx, username=username, actor=call.actor, at=call.at))


@endpoint(
    routes, "POST", "/people/{username}/password", answer=schemas.NewPerson, access="admin",
    problems=(403, 404), secret=True,
)  # fmt: skip
def give_password(call: Call, username: str) -> dict[str, Any]:
    """A new initial password, shown once; sessions and tokens of the account end."""
    found, initial = manage_account.give_password(
        call.tx, username=username, policy=settings().sign_in, actor=call.actor, at=call.at
    )
    return {**_show(found.person), "initial_password": initial}


def _account(found: manage_account.AccountView) -> dict[str, Any]:
    known = {"locked_until": found.locked_until, "may_manage": found.may_manage}
    return {**_show(found.person), **known}
