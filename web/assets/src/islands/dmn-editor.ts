// The editor of decision tables; with a deployed version they are shown to read.
import { t } from "../language";
import { Draft, sourceOf } from "../designer/draft";
import { el } from "../designer/dom";
import type { View } from "../designer/dmn";
import { fileChooser, ofKind } from "../designer/files";
import { Shown } from "../designer/shown";
import { whenAsked, whenShown } from "../designer/tabs";
import "../designer/designer.css";

export function mount(element: HTMLElement): void {
  whenShown(element, () => void start(element));
}

async function start(element: HTMLElement): Promise<void> {
  const source = sourceOf(element);
  const names = ofKind(source.names, ".dmn");
  if (!names.length) {
    element.append(el("p", { class: "empty" }, t("这个流程没有决策表。", "This process has no decision tables.")));
    return;
  }
  const draft = source instanceof Draft ? source : null;
  const bar = el("div", { class: "editor-bar" });
  const canvas = el("div", { class: "canvas dmn" });
  element.append(bar, el("div", { class: "editor-body" }, canvas));
  const { tables } = await import("../designer/dmn");
  const dmn = tables(canvas, draft !== null);
  let name = names[0];
  const shown = new Shown();
  let touched = false; // in a view that was left: its steps can't be undone any more
  let later = 0;
  const stack = (): any => dmn.getActiveViewer()?.get("commandStack", false);
  const save = async (): Promise<void> => {
    window.clearTimeout(later);
    if (!draft || !shown.is(name)) return;
    draft.set(name, touched || stack()?.canUndo() ? (await dmn.saveXML({ format: true })).xml : shown.original);
  };
  const undo = el("button", { type: "button", class: "btn", title: "Ctrl+Z", click: () => stack()?.undo() }, t("撤销", "Undo"));
  const redo = el("button", { type: "button", class: "btn", title: "Ctrl+Y", click: () => stack()?.redo() }, t("重做", "Redo"));
  const views = el("select", {
    class: "form-select",
    "aria-label": t("决策", "Decision"),
    change: () => void openView(dmn.getViews()[Number(views.value)]),
  });
  const openView = async (view: View | undefined): Promise<void> => {
    if (!view) return;
    if (stack()?.canUndo()) touched = true;
    await dmn.open(view);
  };
  const heard = new WeakSet<object>();
  const listen = (): void => {
    const viewer = dmn.getActiveViewer();
    const all = dmn.getViews() as View[];
    views.replaceChildren(
      ...all.map((view, index) => el("option", { value: String(index), selected: view.element === dmn.getActiveView()?.element }, label(view))),
    );
    if (!viewer || heard.has(viewer)) return;
    heard.add(viewer);
    viewer.on("commandStack.changed", () => {
      undo.disabled = !stack()?.canUndo();
      redo.disabled = !stack()?.canRedo();
      if (!draft) return;
      window.clearTimeout(later);
      later = window.setTimeout(() => void save(), 400);
    });
  };
  const open = async (): Promise<void> => {
    await shown.open(name, () => source.text(name), draw);
  };
  const draw = async (text: string): Promise<void> => {
    touched = false;
    await dmn.importXML(text);
    const drawn = (dmn.getViews() as View[]).find((view) => view.type !== "drd");
    if (dmn.getActiveView()?.type === "drd" && drawn) await dmn.open(drawn);
    listen();
    undo.disabled = redo.disabled = true;
  };
  dmn.on("views.changed", listen);
  if (names.length > 1) {
    bar.append(
      fileChooser(names, name, async (chosen) => {
        await save();
        name = chosen;
        await open();
      }),
    );
  }
  bar.append(views);
  if (draft) {
    bar.append(undo, redo);
    draft.addEventListener("files", (event) => {
      if ((event as CustomEvent<string[]>).detail.includes(name)) void open();
    });
    element.addEventListener("designer:flush", (event) => (event as CustomEvent<Promise<void>[]>).detail.push(save()));
  }
  await open();
  whenAsked("dmn", async (target) => {
    if (target.file && target.file !== name && names.includes(target.file)) {
      await save();
      name = target.file;
      const chooser = bar.querySelector<HTMLSelectElement>("select");
      if (chooser && names.length > 1) chooser.value = name;
      await open();
    }
    const views = dmn.getViews() as View[];
    await openView(views.find((view) => holds(view.element, target.element ?? "")));
  });
  element.dataset.ready = "";
}

const label = (view: View): string =>
  view.type === "drd" ? t("决策关系图", "Decision requirements") : (view.element.name ?? view.id);

// A finding names a decision, or a rule or a cell inside of it.
function holds(element: any, id: string): boolean {
  if (!id || element.$type === "dmn:Definitions") return false;
  if (element.id === id || element.decisionLogic?.id === id) return true;
  return (element.decisionLogic?.rule ?? []).some(
    (rule: any) => rule.id === id || [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])].some((cell: any) => cell.id === id),
  );
}
