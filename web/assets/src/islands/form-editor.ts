// The form editor, beside it the form as our own renderer draws it for the people who fill it in.
import { isEnglish, t } from "../language";
import { draftOf } from "../designer/draft";
import { el } from "../designer/dom";
import { fileChooser, ofKind } from "../designer/files";
import { Shown } from "../designer/shown";
import { whenAsked, whenShown } from "../designer/tabs";
import "../designer/designer.css";

export function mount(element: HTMLElement): void {
  whenShown(element, () => void start(element));
}

async function start(element: HTMLElement): Promise<void> {
  const draft = draftOf(element)!;
  const names = ofKind(draft.names, ".form");
  if (!names.length) {
    element.append(el("p", { class: "empty" }, t("这个流程没有表单。", "This process has no forms.")));
    return;
  }
  const bar = el("div", { class: "editor-bar" });
  const canvas = el("div", { class: "canvas form-canvas" });
  const preview = el("div", { class: "preview", hidden: true, tabindex: "0", "aria-label": t("表单预览", "Preview of the form") });
  element.append(bar, el("div", { class: "editor-body" }, canvas, preview));
  const { formEditor } = await import("../designer/form");
  const editor = formEditor(canvas);
  let name = names[0];
  const shown = new Shown();
  let later = 0;
  const stack = (): any => editor.get("commandStack");
  const text = (): string => (stack().canUndo() ? written(editor.getSchema(), shown.original) : shown.original);
  const save = async (): Promise<void> => {
    window.clearTimeout(later);
    if (!shown.is(name)) return;
    draft.set(name, text());
    if (!preview.hidden) await draw();
  };
  const draw = async (): Promise<void> => {
    const response = await fetch("/processes/preview-form", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": isEnglish ? "en" : "zh-CN" },
      body: text(),
    });
    preview.innerHTML = await response.text();
    for (const form of preview.querySelectorAll("form")) form.addEventListener("submit", (event) => event.preventDefault());
  };
  const button = (label: string, act: () => void): HTMLButtonElement =>
    el("button", { type: "button", class: "btn", click: act }, label);
  const undo = button(t("撤销", "Undo"), () => stack().undo());
  const redo = button(t("重做", "Redo"), () => stack().redo());
  const look = button(t("预览", "Preview"), () => {
    preview.hidden = !preview.hidden;
    look.setAttribute("aria-pressed", String(!preview.hidden));
    canvas.hidden = !preview.hidden;
    look.textContent = preview.hidden ? t("预览", "Preview") : t("返回编辑", "Back to editing");
    if (!preview.hidden) void draw();
  });
  const open = async (): Promise<void> => {
    const whole = await shown.open(name, () => draft.text(name), async (found) => {
      await editor.importSchema(JSON.parse(found.replace(/^\uFEFF/, "")));
      undo.disabled = redo.disabled = true;
    });
    if (whole && !preview.hidden) await draw();
  };
  const choose = async (chosen: string): Promise<void> => {
    await save();
    name = chosen;
    await open();
  };
  const chooser = fileChooser(names, name, (chosen) => void choose(chosen)) as HTMLSelectElement;
  bar.append(chooser, undo, redo, look);
  editor.on("changed", () => {
    undo.disabled = !stack().canUndo();
    redo.disabled = !stack().canRedo();
    window.clearTimeout(later);
    later = window.setTimeout(() => void save(), 400);
  });
  draft.addEventListener("files", (event) => {
    if ((event as CustomEvent<string[]>).detail.includes(name)) void open();
  });
  element.addEventListener("designer:flush", (event) => (event as CustomEvent<Promise<void>[]>).detail.push(save()));
  await open();
  whenAsked("forms", async (target) => {
    if (target.file && target.file !== name && names.includes(target.file)) {
      chooser.value = target.file;
      await choose(target.file);
    }
    const field = target.element && editor.get("formFieldRegistry").get(target.element);
    if (field) editor.get("selection").set(field);
  });
  element.dataset.ready = "";
}

// In the manner of the file: its indentation, its line end at the end.
function written(schema: unknown, original: string): string {
  const indent = /\n([ \t]+)"/.exec(original)?.[1] ?? "  ";
  return JSON.stringify(schema, null, indent) + (original.endsWith("\n") ? "\n" : "");
}
