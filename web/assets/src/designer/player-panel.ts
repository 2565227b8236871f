// What is told beside the picture after each step: tasks, clocks, what happened, variables.
import { isEnglish, t } from "../language";
import { el, inTongue } from "./dom";
import { eventName, instant, stepFacts, stepName, type Frame } from "./playing";

const LIGHTS: Record<string, [string, string, string]> = {
  green: ["正常", "On time", "M15 8A7 7 0 1 1 1 8a7 7 0 0 1 14 0z"],
  yellow: ["将到期", "Due soon", "M8 1 15.5 15H.5z"],
  red: ["已超期", "Overdue", "M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5z"],
  grey: ["已暂停", "Paused", "M2 2h4v12H2zM10 2h4v12h-4z"],
};
const STATES: Record<string, [string, string]> = {
  active: ["办理中", "In progress"],
  completed: ["已办结", "Completed"],
  withdrawn: ["已撤回", "Withdrawn"],
  incident: ["系统异常", "Incident"],
};

export function light(key: string | null): HTMLElement | null {
  if (!key || !LIGHTS[key]) return null;
  const [zh, en, path] = LIGHTS[key];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(svg.namespaceURI, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return el("span", { class: `light light-${key}` }, svg, t(zh, en));
}

const said = (text: string): Node[] => inTongue(text, isEnglish);
const section = (title: string, ...content: (Node | false | null)[]): HTMLElement =>
  el("section", {}, el("h3", {}, title), ...content.filter((one): one is Node => Boolean(one)));

export function panel(frame: Frame, before: Frame | undefined, names: Map<string, string>): HTMLElement[] {
  const named = (id: string): string => names.get(id) || id;
  const parts: HTMLElement[] = [step(frame, named)];
  if (frame.failures.length) {
    parts.push(el("div", { class: "note bad", role: "alert" }, el("strong", {}, t("这一步没有按场景发生", "This step did not come as the scenario says")), ...frame.failures.map((one) => el("p", {}, ...said(one)))));
  }
  if (frame.status) parts.push(standing(frame), tasks(frame), clocks(frame, named));
  if (frame.events.length) parts.push(happened(frame, named));
  if (Object.keys(frame.variables).length) parts.push(variables(frame, before));
  return parts;
}

function step(frame: Frame, named: (id: string) => string): HTMLElement {
  const inner = frame.kind === "refused" ? Object.keys(frame.what).find((key) => key !== "code") : undefined;
  const facts = inner ? stepFacts({ ...frame, what: { ...frame.what[inner], code: frame.what.code } }) : stepFacts(frame);
  return section(
    `${frame.number}. ${stepName(frame.kind)}${inner ? t("：", ": ") + stepName(inner) : ""}`,
    facts.length > 0 && el("dl", { class: "facts" }, ...facts.flatMap(([key, value]) => [el("dt", { "data-as-is": true }, ...said(key)), el("dd", {}, ...said(key === t("任务", "Task") ? `${named(value)}` : value))])),
  );
}

function standing(frame: Frame): HTMLElement {
  const state = STATES[frame.status ?? ""];
  return section(
    t("案件", "Case"),
    el("p", {}, `${frame.number_of_case ?? ""} · ${state ? t(...state) : frame.status}`, frame.outcome ? ` · ${t("结果", "outcome")} ${frame.outcome}` : null),
    frame.next_due ? el("p", { class: "muted" }, t("下一个自动到时：", "Next by itself: ") + instant(frame.next_due)) : null,
  );
}

function tasks(frame: Frame): HTMLElement {
  const rows = frame.tasks.map((task) =>
    el(
      "li",
      {},
      el("strong", {}, ...said(task.name)),
      ` ${task.assignee ?? task.candidate_groups.join(t("、", ", "))} `,
      task.due_date ? `${t("截止", "due")} ${task.due_date} ` : null,
      light(task.light),
    ),
  );
  return section(t("待办任务", "Open tasks"), rows.length ? el("ul", { class: "plain" }, ...rows) : el("p", { class: "muted" }, t("没有", "none")));
}

function clocks(frame: Frame, named: (id: string) => string): HTMLElement {
  const rows = frame.clocks
    .filter((clock) => clock.status !== "stopped")
    .map((clock) =>
      el("li", {}, el("details", {}, el("summary", {}, ...said(named(clock.name)), ` ${clock.due_date ?? "—"} `, light(clock.light)), el("p", { class: "small" }, ...said(clock.explanation)))),
    );
  return section(t("时限", "Clocks"), rows.length ? el("ul", { class: "plain" }, ...rows) : el("p", { class: "muted" }, t("没有运行中的时限", "none is running")));
}

function happened(frame: Frame, named: (id: string) => string): HTMLElement {
  const rows = frame.events.map((event) => {
    const told = [
      ...(event.data.notices ?? []).map((name: string) => `${t("通知", "notice")} ${name}`),
      ...(event.data.escalations ?? []).map((one: any) => `${t("升级", "escalation")} ${named(one.element)}`),
      ...(event.data.safety_net ?? []).map((one: any) => `${t("兜底提醒", "safety net")} ${named(one.task)}`),
      ...(event.data.incidents ?? []).map((one: any) => `${t("异常", "incident")} ${named(one.element)}`),
    ];
    const where = (event.data.entered ?? []).map((id: string) => named(id)).join(" → ");
    return el("li", {}, el("time", { datetime: event.at }, instant(event.at)), ` ${eventName(event.kind)} · ${event.actor}`, where && el("div", { class: "small" }, ...said(where)), told.length > 0 && el("div", { class: "small" }, ...said(told.join(t("；", "; ")))));
  });
  return section(t("发生了什么", "What happened"), el("ol", { class: "plain" }, ...rows));
}

function variables(frame: Frame, before: Frame | undefined): HTMLElement {
  const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  const rows = Object.entries(frame.variables)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, value]) => {
      const fresh = text(before?.variables[name]) !== text(value);
      return el("tr", { class: fresh ? "fresh" : null }, el("th", { scope: "row", "data-as-is": true }, name), el("td", {}, ...said(text(value)), fresh && el("span", { class: "tag" }, t("新", "new"))));
    });
  return section(t("变量", "Variables"), el("table", { class: "list small" }, el("tbody", {}, ...rows)));
}
