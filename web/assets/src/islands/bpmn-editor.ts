// The BPMN editor, or with a deployed version its picture to move about in.
import { t } from "../language";
import { sourceOf, Draft } from "../designer/draft";
import { el } from "../designer/dom";
import { fileChooser, ofKind } from "../designer/files";
import { Shown } from "../designer/shown";
import { whenAsked, whenShown } from "../designer/tabs";
import "../designer/designer.css";

export function mount(element: HTMLElement): void {
  whenShown(element, () => void start(element));
}

async function start(element: HTMLElement): Promise<void> {
  const source = sourceOf(element);
  const names = ofKind(source.names, ".bpmn");
  let name = element.dataset.file ?? names[0];
  if (!name) {
    element.append(el("p", { class: "empty" }, t("没有流程图文件。", "There is no diagram.")));
    return;
  }
  const bar = el("div", { class: "editor-bar" });
  const canvas = el("div", { class: "canvas", tabindex: "0", "aria-label": t("流程图", "Diagram") });
  const properties = el("div", { class: "properties" });
  const draft = source instanceof Draft ? source : null;
  element.append(bar, el("div", { class: "editor-body" }, canvas, draft && properties));
  const { begin, fit, mark, show } = await import("../designer/bpmn");
  const diagram = draft
    ? (await import("../designer/modeler")).modeler(canvas, properties)
    : (await import("../designer/bpmn")).viewer(canvas);
  const shown = new Shown();
  const open = async (): Promise<void> => {
    await shown.open(name, () => source.text(name), draw);
  };
  const draw = async (text: string): Promise<void> => {
    bar.querySelector(".editor-trouble")?.remove();
    try {
      await diagram.importXML(text);
      if (draft) begin(diagram);
      else fit(diagram);
      if (draft) mark(diagram, draft.findings.filter((finding) => finding.file === name));
    } catch (error) {
      bar.append(el("p", { class: "editor-trouble fault", role: "alert" }, `${t("打不开：", "Can't be opened: ")}${(error as Error).message}`));
    }
  };
  if (names.length > 1) {
    bar.append(fileChooser(names, name, async (chosen) => {
      await save.now();
      name = chosen;
      await open();
    }));
  }
  const save = { now: async (): Promise<void> => {}, later: 0 };
  if (draft) {
    const stack = diagram.get("commandStack");
    const button = (label: string, keys: string, act: (event: Event) => void): HTMLButtonElement =>
      el("button", { type: "button", class: "btn", title: `${label} (${keys})`, click: act }, label);
    const undo = button(t("撤销", "Undo"), "Ctrl+Z", () => stack.undo());
    const redo = button(t("重做", "Redo"), "Ctrl+Y", () => stack.redo());
    const state = (): void => {
      undo.disabled = !stack.canUndo();
      redo.disabled = !stack.canRedo();
    };
    bar.append(
      undo,
      redo,
      button(t("查找", "Find"), "Ctrl+F", (event) => {
        event.stopPropagation(); // a click that reaches the document closes the search it opened
        diagram.get("searchPad").toggle();
      }),
      button(t("全图", "Fit"), "Ctrl+0", () => fit(diagram)),
      el("span", { class: "muted wide-only" }, t("点选元素即可在右侧修改；Ctrl+F 查找，Del 删除，H 拖动", "Select an element to edit it on the right; Ctrl+F finds, Del deletes, H pans")),
    );
    save.now = async () => {
      window.clearTimeout(save.later);
      save.later = 0;
      if (!shown.is(name)) return;
      // Nothing left of the editing is the file as it was, byte for byte.
      draft.set(name, stack.canUndo() ? (await diagram.saveXML({ format: true })).xml : shown.original);
    };
    diagram.on("commandStack.changed", () => {
      state();
      if (!shown.is(name)) return;
      window.clearTimeout(save.later);
      save.later = window.setTimeout(() => void save.now(), 400);
    });
    // A value that a listener gives back would stop the event before the properties panel hears it.
    diagram.on("selection.changed", ({ newSelection }) => {
      document.dispatchEvent(new CustomEvent("designer:selected", { detail: newSelection.map((one: any) => one.id) }));
    });
    draft.addEventListener("findings", () => mark(diagram, draft.findings.filter((finding) => finding.file === name)));
    draft.addEventListener("files", (event) => {
      if ((event as CustomEvent<string[]>).detail.includes(name)) void open();
    });
    element.addEventListener("designer:flush", (event) => (event as CustomEvent<Promise<void>[]>).detail.push(save.now()));
    state();
  } else {
    bar.append(el("button", { type: "button", class: "btn", click: () => fit(diagram) }, t("全图", "Fit")));
  }
  await open();
  whenAsked("bpmn", async (target) => {
    if (target.file && target.file !== name && names.includes(target.file)) {
      await save.now();
      name = target.file;
      bar.querySelector("select")!.value = name;
      await open();
    }
    if (target.element) show(diagram, target.element);
  });
  element.dataset.ready = "";
}
