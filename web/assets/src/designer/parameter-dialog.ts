// The dialog in which one parameter is edited: titles, unit, and a row for each day from which a value holds.
import { t } from "../language";
import { Problem } from "./api";
import { el } from "./dom";
import { UNITS, type Value } from "./units";

export type Dated = { from: string; value: Value; source: string; placeholder: boolean };
export type Parameter = { file: string; key: string; zh: string; en: string; unit: string; values: Dated[]; used?: boolean };
type Row = { element: HTMLElement; read(): Dated };

export function editParameter(
  parameter: Parameter | null,
  files: string[],
  save: (wanted: Parameter) => Promise<void>,
): Promise<boolean> {
  const given = parameter ?? { file: files[0] ?? "parameters.yaml", key: "", zh: "", en: "", unit: "workdays", values: [] };
  const key = text(t("键", "Key"), given.key, { readonly: parameter !== null, pattern: "[\\w.:\\-]+" });
  const zh = text(t("中文名", "Chinese title"), given.zh, { lang: "zh-CN" });
  const en = text(t("英文名", "English title"), given.en, { lang: "en" });
  const unit = choice(t("单位", "Unit"), Object.entries(UNITS).map(([name, words]) => [name, t(...words)]), given.unit);
  const file = choice(t("文件", "File"), files.map((name) => [name, name]), given.file);
  const space = el("div", { class: "dated-values" });
  let rows: Row[] = [];
  const add = (value: Dated): void => {
    const row = dated(value, unit.input.value, () => {
      rows = rows.filter((one) => one !== row);
      row.element.remove();
    });
    rows.push(row);
    space.append(row.element);
  };
  const blank = (): Dated => ({ from: "", value: "", source: "", placeholder: false });
  given.values.forEach(add);
  if (!rows.length) add(blank());
  unit.input.addEventListener("change", () => {
    const values = rows.map((row) => row.read());
    rows = [];
    space.replaceChildren();
    values.forEach(add);
  });
  const fault = el("p", { class: "fault", role: "alert" });
  const title = parameter ? t("修改参数", "Edit the parameter") : t("新增参数", "New parameter");
  const dialog = el("dialog", { "aria-labelledby": "parameter-title", class: "wide-dialog" });
  return new Promise((resolve) => {
    let done = false;
    const submit = async (values: Dated[]): Promise<void> => {
      fault.textContent = "";
      try {
        await save({ file: file.input.value, key: key.input.value.trim(), zh: zh.input.value.trim(), en: en.input.value.trim(), unit: unit.input.value, values });
        done = true;
        dialog.close();
      } catch (error) {
        const problem = error as Problem;
        fault.textContent = [problem.message, ...(problem.errors ?? []).map((one) => one.message)].join(" ");
      }
    };
    const form = el(
      "form",
      {
        method: "dialog",
        submit: (event: SubmitEvent) => {
          event.preventDefault();
          void submit(rows.map((row) => row.read()));
        },
      },
      el("h2", { id: "parameter-title" }, title),
      el("div", { class: "pair" }, key.element, unit.element, zh.element, en.element, !parameter && file.element),
      el("h3", {}, t("数值：自某日起适用，直到下一个日期", "Values: each holds from its day until the next")),
      space,
      el("p", {}, el("button", { type: "button", class: "btn", click: () => add(blank()) }, t("增加一个日期", "Add a day"))),
      fault,
      el(
        "div",
        { class: "form-actions row" },
        el("button", { class: "btn btn-primary" }, t("保存到草稿", "Save in the draft")),
        el("button", { type: "button", class: "btn", click: () => dialog.close() }, t("取消", "Cancel")),
        parameter && el("button", { type: "button", class: "btn btn-danger", click: () => void submit([]) }, t("删除参数", "Remove the parameter")),
      ),
    );
    dialog.append(form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

let made = 0;

function labelled<K extends "input" | "select" | "textarea">(label: string, input: HTMLElementTagNameMap[K]) {
  input.id = `parameter-${++made}`;
  return { input, element: el("div", { class: "field" }, el("label", { for: input.id }, label), input) };
}

const text = (label: string, value: string, more: Record<string, string | boolean> = {}) =>
  labelled<"input">(label, Object.assign(el("input", { class: "form-control", required: true, maxlength: "200", ...more }), { value }));

const choice = (label: string, options: [string, string][], chosen: string) =>
  labelled<"select">(label, el("select", { class: "form-select" }, ...options.map(([value, name]) => el("option", { value, selected: value === chosen }, name))));

function dated(given: Dated, unit: string, remove: () => void): Row {
  const from = labelled<"input">(t("自", "From"), Object.assign(el("input", { type: "date", class: "form-control", required: true }), { value: given.from }));
  const value = valueField(given.value, unit);
  const source = text(t("依据（文件与条款）", "Source (document and article)"), given.source, { lang: "zh-CN" });
  source.input.maxLength = 2000;
  const placeholder = el("input", { type: "checkbox" });
  placeholder.checked = given.placeholder;
  const element = el(
    "div",
    { class: "dated-value" },
    from.element,
    value.element,
    source.element,
    el("label", { class: "choice" }, placeholder, ` ${t("待替换", "Placeholder")}`),
    el("button", { type: "button", class: "btn", click: remove, "aria-label": t("删除这一行", "Remove this row") }, "✕"),
  );
  return { element, read: () => ({ from: from.input.value, value: value.read(), source: source.input.value.trim(), placeholder: placeholder.checked }) };
}

function valueField(given: Value, unit: string): { element: HTMLElement; read(): Value } {
  const label = t("数值", "Value");
  if (unit === "flag") {
    const field = choice(label, [["true", t("是", "yes")], ["false", t("否", "no")]], String(given === true));
    return { element: field.element, read: () => field.input.value === "true" };
  }
  if (unit === "list") {
    const lines = Array.isArray(given) ? given.join("\n") : String(given);
    const field = labelled<"textarea">(t("数值（每行一项）", "Value (one item a line)"), Object.assign(el("textarea", { class: "form-control", rows: "3", required: true }), { value: lines }));
    return { element: field.element, read: () => field.input.value.split("\n").map((line) => line.trim()).filter(Boolean) };
  }
  const hint = unit === "fen" ? t("数值（分）", "Value (fen)") : unit === "ratio" ? t("数值（0.05 即 5%）", "Value (0.05 is 5%)") : label;
  const field = text(hint, Array.isArray(given) ? given.join(" ") : String(given), unit === "text" ? {} : { inputmode: "decimal" });
  const read = (): Value => {
    const typed = field.input.value.trim();
    return unit !== "text" && typed !== "" && Number.isFinite(Number(typed)) ? Number(typed) : typed;
  };
  return { element: field.element, read };
}
