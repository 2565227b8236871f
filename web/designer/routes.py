"""The designers' pages. Editors are islands that talk to the API; everything else is drawn here."""

from __future__ import annotations

from flask import Blueprint, Response

from api.routes.definitions import version_number
from engine import access
from engine.actions.designing import drafts
from engine.actions.designing.check_files import check_files
from engine.actions.designing.compare import compare_files
from engine.actions.designing.folders import files_of_version
from engine.actions.designing.overview import list_processes, list_version_standings
from engine.errors import EngineError, NotFoundError
from engine.scenarios.checking import check_scenarios
from engine.types import Actor
from web.designer.editing import editor_styles
from web.designer.reading import View, forms_of, parameters_of, scenarios_of, tabs_of
from web.language import t
from web.page import Ask, go_to, page, say, show

routes = Blueprint("designer_pages", __name__, template_folder="../templates")


def may_edit(actor: Actor) -> bool:
    """Whether the pages offer editing; the actions decide anew."""
    return bool(access.regions_where(actor, "definition.deploy"))


@page(routes, "GET", "/processes")
def processes(ask: Ask) -> Response:
    """Every process with its current version, open cases, findings, and my drafts."""
    editing = may_edit(ask.actor)
    mine = drafts.list_drafts(ask.tx, actor=ask.actor) if editing else ()
    found = list_processes(ask.tx, actor=ask.actor)
    names = {standing.definition.key: standing.definition.name for standing in found}
    return show("designer/processes.html", standings=found, drafts=mine, names=names, may_edit=editing)


@page(routes, "GET", "/processes/{key}")
def process(ask: Ask, key: str) -> Response:
    """One process: its versions, and one of them to look at."""
    standings = list_version_standings(ask.tx, key=key, actor=ask.actor)
    current = next(s for s in standings if s.definition.current)
    wanted = ask.args.get("version", "")
    number = version_number(wanted) if wanted else current.definition.version
    chosen = next((s for s in standings if s.definition.version == number), None)
    if chosen is None:
        raise NotFoundError
    files, _ = files_of_version(ask.tx, process=key, version=number, actor=ask.actor)
    view, everything = View.named(ask.args.get("view", "")), bool(ask.args.get("all"))
    editing = may_edit(ask.actor)
    return editor_styles(
        show(
            "designer/process.html",
            standings=standings,
            chosen=chosen,
            current=current,
            view=view,
            everything=everything,
            tabs=tabs_of(files),
            files=sorted(files),
            forms=forms_of(files, ask.lang, ask.args.get("form", "")) if view is View.forms else None,
            parameters=parameters_of(files, ask.lang, everything=everything)
            if view is View.parameters
            else None,
            scenarios=scenarios_of(files) if view is View.scenarios else None,
            drafts=drafts.list_drafts(ask.tx, actor=ask.actor, process=key) if editing else (),
            may_edit=editing,
        )
    )


@page(routes, "GET", "/processes/{key}/compare")
def compare(ask: Ask, key: str) -> Response:
    """What one version changed in another: pictures and sentences."""
    first, second = version_number(ask.args.get("from", "")), version_number(ask.args.get("to", ""))
    standings = list_version_standings(ask.tx, key=key, actor=ask.actor)
    before, _ = files_of_version(ask.tx, process=key, version=first, actor=ask.actor)
    after, _ = files_of_version(ask.tx, process=key, version=second, actor=ask.actor)
    return editor_styles(
        show(
            "designer/compare.html",
            definition=standings[0].definition,
            first=first,
            second=second,
            changes=compare_files(before, after),
            pictures=_pictures(before, after),
            bases=[f"/definitions/{key}/versions/{number}" for number in (first, second)],
        )
    )


@page(routes, "POST", "/processes/{key}/drafts", access="deploy")
def begin(ask: Ask, key: str) -> Response:
    """A new draft from a version, and on to editing it."""
    wanted = ask.form.get("version", "")
    number = version_number(wanted) if wanted else None
    draft = drafts.open_draft(ask.tx, process=key, version=number, actor=ask.actor, at=ask.at)
    return go_to(f"/processes/{key}/edit?draft={draft.id}")


@page(routes, "POST", "/processes/{key}/drafts/{draft_id}/discard", access="deploy")
def discard(ask: Ask, key: str, draft_id: str) -> Response:
    """Drop a draft for good."""
    drafts.discard_draft(ask.tx, draft_id=draft_id, actor=ask.actor)
    return say(go_to(f"/processes/{key}"), "草稿已删除。", "The draft is gone.")


@page(routes, "GET", "/processes/{key}/edit", access="deploy")
def edit(ask: Ask, key: str) -> Response:
    """The workbench: without a draft the last one of mine, or a button to begin."""
    draft_id = ask.args.get("draft", "")
    if not draft_id:
        mine = drafts.list_drafts(ask.tx, actor=ask.actor, process=key)
        return go_to(f"/processes/{key}/edit?draft={mine[0].id}" if mine else f"/processes/{key}")
    draft = drafts.get_draft(ask.tx, draft_id=draft_id, actor=ask.actor)
    files = drafts.read_draft(ask.tx, draft_id=draft_id, actor=ask.actor)
    return editor_styles(
        show(
            "designer/edit.html", draft=draft, name=_name(ask, key), tabs=tabs_of(files), files=sorted(files)
        )
    )


@page(routes, "GET", "/processes/{key}/deploy", access="deploy")
def summary(ask: Ask, key: str) -> Response:
    """What deploying a draft would change, before it is done."""
    return _summary(ask, key, ask.args.get("draft", ""))


def _summary(ask: Ask, key: str, draft_id: str, refusal: EngineError | None = None) -> Response:
    draft = drafts.get_draft(ask.tx, draft_id=draft_id, actor=ask.actor)
    after = drafts.read_draft(ask.tx, draft_id=draft_id, actor=ask.actor)
    before: dict[str, bytes] = {}
    base = ""
    if draft.current_version is not None:
        before, _ = files_of_version(ask.tx, process=key, actor=ask.actor)
        base = f"/definitions/{key}/versions/{draft.current_version}"
    found = [*check_files(ask.tx, files=after, actor=ask.actor, at=ask.at), *check_scenarios(after)]
    answer = show(
        "designer/deploy.html",
        draft=draft,
        name=_name(ask, key),
        changes=compare_files(before, after),
        errors=[finding for finding in found if finding.severity == "error"],
        remarks=[finding for finding in found if finding.severity == "warning"],
        pictures=_pictures(before, after),
        bases=[base, f"/drafts/{draft.id}"],
        refusal=t(refusal.zh, refusal.en) if refusal else "",
        status=409 if refusal else 200,
    )
    return editor_styles(answer)


def _deploy_again(ask: Ask, error: EngineError, key: str) -> Response:
    return _summary(ask, key, ask.form.get("draft", ""), error)


@page(routes, "POST", "/processes/{key}/deploy", access="deploy", again=_deploy_again)
def deploy(ask: Ask, key: str) -> Response:
    """Deploy what was shown; new cases take the new version from now on."""
    seen = ask.form.get("seen_version", "")
    deployment = drafts.deploy_draft(
        ask.tx,
        draft_id=ask.form.get("draft", ""),
        seen_revision=version_number(ask.form.get("seen_revision", "")),
        seen_version=version_number(seen) if seen else None,
        actor=ask.actor,
        at=ask.at,
    )
    now = next((d.version for d in deployment.definitions if d.key == key), None)
    if not deployment.changed:
        return say(
            go_to(f"/processes/{key}"),
            "内容与现行版本相同，没有产生新版本。",
            "Nothing changed: no new version.",
        )
    return say(
        go_to(f"/processes/{key}"),
        f"已部署第 {now} 版，新立案件按此版办理，在办案件不变。",
        f"Version {now} is deployed: new cases follow it, running ones stay as they are.",
    )


def _name(ask: Ask, key: str) -> str:
    standings = {s.definition.key: s.definition.name for s in list_processes(ask.tx, actor=ask.actor)}
    return standings.get(key, key)


def _pictures(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """The diagrams that differ, else the first one: where to look."""
    names = [name for name in sorted(after) if name.endswith(".bpmn")]
    return [name for name in names if before.get(name) != after[name]] or names[:1]
