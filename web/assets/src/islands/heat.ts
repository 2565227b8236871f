// The figures of a process on its own diagram: darker is more, longer, later. The table below says the same.
import { markTongue, zoomButtons } from "../drawing";
import { t } from "../language";
import "./diagram.css";
import "./heat.css";

type Lights = { total: number; red: number };
type Step = { step: string; name: string; done: number; median: number | null; p90: number | null; late_share: number | null; open: Lights };
type Heat = { bpmn: string; steps: Step[] };
type Measure = { key: string; zh: string; en: string; value(step: Step): number | null; text(value: number): string };

const MEASURES: Measure[] = [
  { key: "median", zh: "中位用时", en: "Median time", value: (step) => step.median, text: span },
  { key: "p90", zh: "第90百分位", en: "90th percentile", value: (step) => step.p90, text: span },
  { key: "late", zh: "逾期比例", en: "Share late", value: (step) => step.late_share, text: (share) => `${Math.round(share * 1000) / 10}%` },
  { key: "done", zh: "办结件数", en: "Done", value: (step) => step.done, text: String },
  { key: "open", zh: "待办件数", en: "Open", value: (step) => step.open.total, text: String },
];
const SHADES = 5;

export async function mount(element: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(element.dataset.source ?? "", { headers: { "Accept-Language": document.documentElement.lang } });
    if (!answer.ok) throw new Error(String(answer.status));
    await draw(element, (await answer.json()) as Heat);
  } catch {
    const line = document.createElement("p");
    line.textContent = t("流程图没有取到，请看下面的表格，或刷新页面。", "The diagram did not come; see the table below, or reload the page.");
    element.replaceChildren(line);
  }
}

async function draw(element: HTMLElement, heat: Heat): Promise<void> {
  const { default: Viewer } = await import("bpmn-js/lib/NavigatedViewer");
  const holder = document.createElement("div");
  holder.className = "diagram-canvas heat-canvas";
  holder.setAttribute("role", "group");
  holder.setAttribute("aria-label", t("流程图上的各环节数字；下面的表格内容相同", "The figures on the diagram; the table below says the same"));
  const row = document.createElement("div");
  row.className = "row diagram-controls";
  const legend = document.createElement("p");
  legend.className = "row small heat-legend";
  element.replaceChildren(row, holder, legend);
  const viewer = new Viewer({ container: holder });
  await viewer.importXML(heat.bpmn);
  markTongue(holder);
  const canvas = viewer.get<any>("canvas");
  canvas.zoom("fit-viewport");
  const show = (measure: Measure): void => paint(viewer, heat.steps, measure, legend);
  measures(row, show);
  zoomButtons(row, canvas);
  show(MEASURES[0]);
}

function paint(viewer: any, steps: Step[], measure: Measure, legend: HTMLElement): void {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  overlays.clear();
  const most = Math.max(0, ...steps.map((step) => measure.value(step) ?? 0));
  for (const step of steps) {
    if (!registry.get(step.step)) continue;
    for (let shade = 0; shade <= SHADES; shade++) canvas.removeMarker(step.step, `heat-${shade}`);
    const value = measure.value(step);
    if (value === null || shade(value, most) === 0) continue;
    canvas.addMarker(step.step, `heat-${shade(value, most)}`);
    const badge = document.createElement("span");
    badge.className = `heat-badge heat-badge-${shade(value, most)}`;
    badge.textContent = measure.text(value);
    overlays.add(step.step, { position: { top: -12, right: 30 }, html: badge, scale: { min: 0.85 } });
  }
  const scale = [...Array(most > 0 ? SHADES : 0).keys()].map((step) => {
    const one = document.createElement("span");
    one.className = `heat-badge heat-badge-${step + 1}`;
    one.textContent = `≤ ${measure.text(Math.ceil((most * (step + 1) * 1000) / SHADES) / 1000)}`;
    return one;
  });
  legend.replaceChildren(document.createTextNode(`${t(measure.zh, measure.en)}${t("：", ":")}`), ...(scale.length ? scale : [t("没有可显示的数字", "nothing to show")]));
}

const shade = (value: number, most: number): number => (value > 0 && most > 0 ? Math.min(SHADES, Math.max(1, Math.ceil((value / most) * SHADES))) : 0);

function measures(row: HTMLElement, show: (measure: Measure) => void): void {
  const group = document.createElement("fieldset");
  group.className = "row heat-measures";
  const legend = document.createElement("legend");
  legend.className = "visually-hidden";
  legend.textContent = t("显示什么", "What to show");
  group.append(legend);
  for (const measure of MEASURES) {
    const label = document.createElement("label");
    label.className = "choice";
    const input = document.createElement("input");
    input.type = "radio";
    input.name = "measure";
    input.checked = measure === MEASURES[0];
    input.addEventListener("change", () => show(measure));
    label.append(input, ` ${t(measure.zh, measure.en)}`);
    group.append(label);
  }
  row.append(group);
}

function span(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  if (days) return t(`${days}天${hours}小时`, `${days} d ${hours} h`);
  if (hours) return t(`${hours}小时`, `${hours} h`);
  return t(`${Math.floor(seconds / 60)}分钟`, `${Math.floor(seconds / 60)} min`);
}
