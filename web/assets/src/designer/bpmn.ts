// bpmn-js as we use it: Camunda 8's dialect, our words, findings on the elements.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import { markTongue } from "../drawing";
import type { Finding } from "./draft";
import { el } from "./dom";
import { translateModule, translatePage } from "./translating";

export type Diagram = {
  importXML(xml: string): Promise<{ warnings: unknown[] }>;
  saveXML(options: { format: boolean }): Promise<{ xml: string }>;
  get(service: string): any;
  on(event: string, heard: (event: any) => void): void;
  destroy(): void;
};

export const moddleExtensions = { zeebe };

export function viewer(container: HTMLElement): Diagram {
  const found = new NavigatedViewer({ container, moddleExtensions, additionalModules: [translateModule] });
  translatePage(container);
  markTongue(container);
  return found as unknown as Diagram;
}

// The whole picture, but never larger than life.
export function fit(diagram: Diagram): void {
  const canvas = diagram.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
}

// Where one begins to work: the whole picture if it can be read, else the start at a size that can.
export function begin(diagram: Diagram): void {
  fit(diagram);
  const canvas = diagram.get("canvas");
  if (canvas.zoom() >= 0.5) return;
  const first = diagram.get("elementRegistry").find((one: any) => one.type === "bpmn:StartEvent" && one.parent?.type !== "bpmn:SubProcess");
  canvas.zoom(0.75);
  if (first) canvas.scrollToElement(first, { top: 260, bottom: 260, left: 160, right: 500 });
}

export function show(diagram: Diagram, elementId: string): boolean {
  const registry = diagram.get("elementRegistry");
  const canvas = diagram.get("canvas");
  const element = registry.get(elementId);
  if (!element) return false;
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  if (element !== canvas.getRootElement()) {
    if (canvas.zoom() < 0.6) canvas.zoom(0.8);
    canvas.scrollToElement(element, { top: 120, bottom: 120, left: 120, right: 120 });
  }
  (diagram as any).get("selection", false)?.select(element);
  return true;
}

// Signs keep a readable size however small the picture is.
export const STEADY = { min: 0.8, max: 1.2 };
const SIGN = { error: "✕", warning: "!", info: "i" };
const WORSE = ["info", "warning", "error"];

// A sign on each element that has findings. They never catch the pointer.
export function mark(diagram: Diagram, findings: Finding[]): void {
  const overlays = diagram.get("overlays");
  const canvas = diagram.get("canvas");
  const registry = diagram.get("elementRegistry");
  overlays.remove({ type: "finding" });
  for (const element of registry.getAll()) {
    for (const severity of WORSE) canvas.removeMarker(element, `has-${severity}`);
  }
  const byElement = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (registry.get(finding.element_id)) {
      byElement.set(finding.element_id, [...(byElement.get(finding.element_id) ?? []), finding]);
    }
  }
  for (const [id, found] of byElement) {
    const worst = WORSE[Math.max(...found.map((finding) => WORSE.indexOf(finding.severity)))] as Finding["severity"];
    canvas.addMarker(id, `has-${worst}`);
    if (registry.get(id) === canvas.getRootElement() || worst === "info") continue;
    const sign = el("span", { class: `finding-sign ${worst}` }, found.length > 1 ? String(found.length) : SIGN[worst]);
    overlays.add(id, "finding", { position: { top: -9, right: 9 }, html: sign, scale: STEADY });
  }
}
