// The parameters of the draft as a table. An edit goes to the server, which changes that value in the file only.
import { isEnglish, t } from "../language";
import { call, Problem } from "../designer/api";
import { draftOf, type Draft } from "../designer/draft";
import { el, inTongue } from "../designer/dom";
import { editParameter, type Parameter } from "../designer/parameter-dialog";
import { whenAsked, whenShown } from "../designer/tabs";
import { shownValue, UNITS } from "../designer/units";
import "../designer/designer.css";

type Table = { files: string[]; items: Parameter[] };

export function mount(element: HTMLElement): void {
  whenShown(element, () => void start(element));
}

async function start(element: HTMLElement): Promise<void> {
  const draft = draftOf(element)!;
  const filter = el("input", { type: "search", class: "form-control", placeholder: t("按名称、键或依据查找", "Find by title, key or source"), "aria-label": t("查找参数", "Find a parameter") });
  const used = el("input", { type: "checkbox", checked: true, id: "only-used" });
  const body = el("tbody");
  const said = el("p", { class: "muted", role: "status" });
  const heads = [t("参数", "Parameter"), t("单位", "Unit"), t("自", "From"), t("数值", "Value"), t("依据", "Source"), ""];
  const table = el("table", { class: "list" }, el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))), body);
  let rows: Parameter[] = [];
  let files: string[] = [];
  const change = async (parameter: Parameter | null): Promise<void> => {
    const done = await editParameter(parameter, files, (wanted) => save(draft, wanted));
    if (done) await load();
  };
  const show = (): void => {
    const word = filter.value.trim().toLowerCase();
    const found = rows.filter(
      (row) =>
        (!used.checked || row.used) &&
        (!word || [row.key, row.zh, row.en, ...row.values.map((value) => value.source)].some((text) => text.toLowerCase().includes(word))),
    );
    body.replaceChildren(...found.flatMap((row) => lines(row, () => void change(row))));
    said.textContent = t(`${found.length} 个参数`, `${found.length} parameters`);
  };
  const load = async (): Promise<void> => {
    try {
      ({ items: rows, files } = await call<Table>("GET", `${draft.address}/parameters`));
      show();
    } catch (error) {
      body.replaceChildren();
      said.textContent = (error as Problem).message;
    }
  };
  filter.addEventListener("input", show);
  used.addEventListener("change", show);
  draft.addEventListener("files", () => void load());
  whenAsked("parameters", (target) => {
    if (!target.element) return;
    used.checked = false;
    filter.value = target.element;
    show();
  });
  element.append(
    el(
      "div",
      { class: "editor-bar" },
      filter,
      el("label", { for: "only-used" }, used, ` ${t("只看本流程用到的", "Only those this process uses")}`),
      el("button", { type: "button", class: "btn", click: () => void change(null) }, t("新增参数", "New parameter")),
      said,
    ),
    el("div", { class: "table-space", tabindex: "0", role: "region", "aria-label": t("参数表", "Table of parameters") }, table),
  );
  await load();
  element.dataset.ready = "";
}

function lines(row: Parameter, edit: () => void): HTMLElement[] {
  const values = [...row.values].reverse();
  const span = String(values.length);
  return values.map((value, index) =>
    el(
      "tr",
      {},
      index === 0 && el("th", { scope: "row", rowspan: span }, ...inTongue(isEnglish ? row.en : row.zh, isEnglish), el("span", { class: "where muted small", "data-as-is": true }, row.key)),
      index === 0 && el("td", { rowspan: span }, t(...UNITS[row.unit])),
      el("td", {}, value.from),
      el("td", {}, ...inTongue(shownValue(value.value, row.unit), isEnglish), value.placeholder && el("span", { class: "tag" }, t("待替换", "placeholder"))),
      el("td", { lang: "zh-CN" }, value.source),
      index === 0 && el("td", { rowspan: span }, el("button", { type: "button", class: "btn", "aria-label": `${t("修改", "Edit")} ${row.key}`, click: edit }, t("修改", "Edit"))),
    ),
  );
}

async function save(draft: Draft, wanted: Parameter): Promise<void> {
  if (!(await draft.flush())) throw new Problem(0, "", draft.trouble);
  const view = await call<any>("POST", `${draft.address}/parameters`, {
    seen_revision: draft.revision,
    file: wanted.file,
    key: wanted.key,
    ...(wanted.values.length ? { title: { zh: wanted.zh, en: wanted.en }, unit: wanted.unit, values: wanted.values } : {}),
  });
  draft.take(view, [wanted.file]);
}
