// Where a case stands on its own diagram. Drawn once it is looked at: the viewer is larger than the page.
import { markTongue, zoomButtons } from "../drawing";
import { isEnglish, t } from "../language";
import "./diagram.css";

type Visit = { entered_at: string; left_at: string | null; light: string | null; by: string | null };
type Stop = { id: string; name: string; name_en: string; state: string; count: number; seconds: number; visits: Visit[] };
type Source = { bpmn: string; elements: Stop[]; flows: string[] };

const WORDS: Record<string, [string, string]> = {
  current: ["正在办理", "Now"],
  overdue: ["已超期", "Overdue"],
  done: ["已办", "Done"],
  cancelled: ["已取消", "Cancelled"],
};

export function mount(element: HTMLElement): void {
  const watcher = new IntersectionObserver((seen) => {
    if (!seen.some((one) => one.isIntersecting)) return;
    watcher.disconnect();
    void draw(element).catch(() => say(element, t("流程图没有取到，请刷新页面。", "The diagram did not come; reload the page.")));
  });
  watcher.observe(element);
}

function say(element: HTMLElement, text: string): void {
  const line = document.createElement("p");
  line.className = "muted";
  line.textContent = text;
  element.replaceChildren(line);
}

async function draw(element: HTMLElement): Promise<void> {
  const answer = await fetch(element.dataset.source ?? "", { headers: { "Accept-Language": document.documentElement.lang } });
  if (!answer.ok) throw new Error(String(answer.status));
  const source = (await answer.json()) as Source;
  const { default: Viewer } = await import("bpmn-js/lib/NavigatedViewer");
  const holder = document.createElement("div");
  holder.className = "diagram-canvas";
  element.replaceChildren(holder);
  const viewer = new Viewer({ container: holder });
  await viewer.importXML(source.bpmn);
  markTongue(holder);
  const canvas = viewer.get<any>("canvas");
  const registry = viewer.get<any>("elementRegistry");
  const overlays = viewer.get<any>("overlays");
  for (const flow of source.flows) if (registry.get(flow)) canvas.addMarker(flow, "is-taken");
  for (const stop of source.elements) {
    if (!registry.get(stop.id)) continue;
    canvas.addMarker(stop.id, `is-${stop.state}`);
    if (!["bpmn:UserTask", "bpmn:CallActivity", "bpmn:ServiceTask"].includes(registry.get(stop.id).type) && stop.state === "done") continue;
    overlays.add(stop.id, { position: { bottom: 6, left: 4 }, html: badge(stop) });
  }
  canvas.zoom("fit-viewport");
  const here = registry.get(element.dataset.current ?? "") ?? registry.get(source.elements.find((one) => one.state === "current" || one.state === "overdue")?.id ?? "");
  if (here) center(canvas, here);
  element.append(controls(canvas, here), legend());
}

function badge(stop: Stop): HTMLElement {
  const sign = document.createElement("span");
  sign.className = `diagram-badge is-${stop.state}`;
  sign.textContent = `${t(...(WORDS[stop.state] ?? ["", ""]))} ${span(stop.seconds)}${stop.count > 1 ? ` ×${stop.count}` : ""}`;
  return sign;
}

function span(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  if (days) return t(`${days}天${hours}小时`, `${days} d ${hours} h`);
  if (hours) return t(`${hours}小时`, `${hours} h`);
  return t(`${Math.floor(seconds / 60)}分钟`, `${Math.floor(seconds / 60)} min`);
}

// Large enough to read, with the place in the middle.
function center(canvas: any, shape: any): void {
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(1, Math.max(outer.width / inner.width, 0.75));
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({ x: shape.x + shape.width / 2 - width / 2, y: shape.y + shape.height / 2 - height / 2, width, height });
}

function controls(canvas: any, here: any): HTMLElement {
  const row = document.createElement("div");
  row.className = "row diagram-controls";
  const button = zoomButtons(row, canvas);
  if (here) button("看当前步骤", "The present step", () => center(canvas, here));
  return row;
}

function legend(): HTMLElement {
  const list = document.createElement("p");
  list.className = "row small";
  for (const state of ["current", "overdue", "done"]) {
    const one = document.createElement("span");
    one.className = `diagram-badge is-${state}`;
    one.textContent = t(...WORDS[state]);
    list.append(one);
  }
  if (isEnglish) {
    const hint = document.createElement("span");
    hint.className = "muted";
    hint.textContent = "The diagram is in Chinese, as it was drawn.";
    list.append(hint);
  }
  return list;
}
