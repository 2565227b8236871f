// Two pictures side by side, what differs is marked; the sentences beside them lead into the pictures.
import { t } from "../language";
import { readText } from "../designer/api";
import { el } from "../designer/dom";
import "../designer/designer.css";

type Differences = Record<"_added" | "_removed" | "_changed" | "_layoutChanged", Record<string, unknown>>;

export async function mount(element: HTMLElement): Promise<void> {
  const { viewer, fit, show } = await import("../designer/bpmn");
  const { diff } = (await import("bpmn-js-differ")) as any;
  const sides = await Promise.all(
    (["before", "after"] as const).map(async (side) => {
      const canvas = el("div", { class: "canvas picture", tabindex: "0", "aria-label": side === "before" ? t("之前", "Before") : t("之后", "After") });
      const title = element.dataset[`${side}Title`] ?? "";
      element.append(el("figure", {}, el("figcaption", {}, title), canvas));
      const path = element.dataset[side];
      if (!path) {
        canvas.replaceChildren(el("p", { class: "empty" }, t("还没有部署过。", "Nothing was deployed before.")));
        return null;
      }
      const diagram = viewer(canvas);
      await diagram.importXML(await readText(path));
      fit(diagram);
      return diagram;
    }),
  );
  const [before, after] = sides;
  if (before && after) {
    const found: Differences = diff((before as any).getDefinitions(), (after as any).getDefinitions());
    const put = (diagram: any, ids: Record<string, unknown>, marker: string): void => {
      for (const id of Object.keys(ids)) if (diagram.get("elementRegistry").get(id)) diagram.get("canvas").addMarker(id, marker);
    };
    put(after, found._layoutChanged, "diff-moved");
    put(before, found._changed, "diff-changed");
    put(after, found._changed, "diff-changed");
    put(before, found._removed, "diff-removed");
    put(after, found._added, "diff-added");
    together(before, after);
    const first = [found._added, found._changed].flatMap((ids) => Object.keys(ids)).find((id) => (after as any).get("elementRegistry").get(id));
    if (first && (after as any).get("canvas").zoom() < 0.5) show(after, first);
  }
  document.addEventListener("click", (event) => {
    const link = (event.target as HTMLElement).closest<HTMLElement>("[data-element]");
    if (!link) return;
    for (const diagram of sides) if (diagram) show(diagram, link.dataset.element!);
  });
  element.dataset.ready = "";
}

// Moving one moves the other.
function together(one: any, other: any): void {
  let busy = false;
  const follow = (from: any, to: any): void =>
    from.on("canvas.viewbox.changed", () => {
      if (busy) return;
      busy = true;
      to.get("canvas").viewbox(from.get("canvas").viewbox());
      busy = false;
    });
  follow(one, other);
  follow(other, one);
}
