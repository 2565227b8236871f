// Plays a scenario step by step on a virtual clock: where the tokens are, what is open, what happened.
import { t } from "../language";
import { call, type Problem } from "../designer/api";
import { Draft, sourceOf, type Source } from "../designer/draft";
import { el } from "../designer/dom";
import { ofKind } from "../designer/files";
import { panel } from "../designer/player-panel";
import { instant, type Frame, type Playback } from "../designer/playing";
import { whenShown } from "../designer/tabs";
import "../designer/designer.css";

type Listed = { file: string; title: string; process: string; source: string; steps: number };
const PACE = 1400; // ms a step

export function mount(element: HTMLElement): void {
  whenShown(element, () => void start(element));
}

async function start(element: HTMLElement): Promise<void> {
  const source = sourceOf(element);
  const draft = source instanceof Draft ? source : null;
  if (draft) await draft.flush();
  let listed: Listed[] = [];
  const said = el("p", { class: "player-said", role: "alert" });
  const bar = el("div", { class: "editor-bar player-bar" });
  const canvas = el("div", { class: "canvas", tabindex: "0", "aria-label": t("流程图", "Diagram") });
  const side = el("div", { class: "player-side", tabindex: "0", role: "region", "aria-label": t("案件此刻的情况", "How the case stands") });
  element.append(bar, said, el("div", { class: "editor-body" }, canvas, side));
  try {
    listed = (await call<{ items: Listed[] }>("GET", `${source.address}/scenarios`)).items;
  } catch (error) {
    said.textContent = (error as Problem).message;
    return;
  }
  if (!listed.length) {
    side.append(el("p", { class: "empty" }, t("还没有场景。场景是 YAML 文件，可以导入。", "There are no scenarios yet. They are YAML files; import them.")));
    return;
  }
  const picture = await import("../designer/bpmn");
  const diagram = picture.viewer(canvas);
  const stage = new Player(element, bar, side, said, source, draft, diagram, picture);
  await stage.begin(listed);
  element.dataset.ready = "";
}

class Player {
  private frames: Frame[] = [];
  private at = 0;
  private pace = 0;
  private drawn = "";
  private readonly names = new Map<string, string>();
  private readonly clock = el("output", { class: "virtual-clock" });
  private readonly place = el("input", { type: "range", min: "0", max: "0", value: "0", "aria-label": t("步骤", "Step"), input: () => this.go(Number(this.place.value)) });
  private readonly count = el("span", { class: "muted" });
  private readonly play = el("button", { type: "button", class: "btn", click: () => this.toggle() }, t("播放", "Play"));
  private readonly select = el("select", { class: "form-select", "aria-label": t("场景", "Scenario") });
  private readonly text = el("textarea", { class: "scenario-text", spellcheck: "false", "aria-label": t("场景文本（YAML）", "The scenario's text (YAML)"), "data-as-is": true });

  constructor(
    private readonly element: HTMLElement,
    private readonly bar: HTMLElement,
    private readonly side: HTMLElement,
    private readonly said: HTMLElement,
    private readonly source: Source,
    private readonly draft: Draft | null,
    private readonly diagram: any,
    private readonly picture: { fit(diagram: any): void; show(diagram: any, id: string): boolean },
  ) {}

  async begin(listed: Listed[]): Promise<void> {
    const button = (label: string, title: string, act: () => void): HTMLElement =>
      el("button", { type: "button", class: "btn", "aria-label": title, title, click: act }, label);
    this.select.append(...listed.map((one) => el("option", { value: one.file }, one.title)));
    this.select.addEventListener("change", () => void this.load(this.select.value));
    this.bar.append(
      this.select,
      button("|◀", t("回到开始", "To the start"), () => this.go(0)),
      button("◀", t("上一步", "Step back"), () => this.go(this.at - 1)),
      button("▶", t("下一步", "Next step"), () => this.go(this.at + 1)),
      this.play,
      this.place,
      this.count,
      this.clock,
    );
    if (this.draft) {
      const details = el("details", { class: "scenario-editor" }, el("summary", {}, t("编辑场景", "Edit the scenario")), this.text, el("button", { type: "button", class: "btn btn-primary", click: () => void this.again() }, t("保存并重新演示", "Save and play again")));
      this.element.append(details);
    }
    this.element.addEventListener("keydown", (event) => {
      if ((event.target as HTMLElement).closest("textarea, select, input")) return;
      if (event.key === "ArrowRight") this.go(this.at + 1);
      else if (event.key === "ArrowLeft") this.go(this.at - 1);
    });
    await this.load(listed[0].file);
  }

  private async load(file: string): Promise<void> {
    this.stop();
    if (this.draft) this.text.value = await this.draft.text(file);
    await this.run(file, undefined);
  }

  private async again(): Promise<void> {
    const file = this.select.value;
    this.draft!.set(file, this.text.value);
    await this.draft!.flush();
    await this.run(file, this.text.value);
  }

  private async run(file: string, text: string | undefined): Promise<void> {
    this.said.textContent = "";
    this.element.setAttribute("aria-busy", "true");
    try {
      const played = await call<Playback>("POST", `${this.source.address}/play`, text === undefined ? { file } : { file, text });
      this.frames = played.frames;
      await this.draw(played.process);
      this.place.max = String(this.frames.length - 1);
      this.said.textContent = played.ok ? "" : t("场景没有走完：最后一步与预期不符。", "The scenario did not come to its end: the last step differs from what it expects.");
      this.go(0);
    } catch (error) {
      const problem = error as Problem;
      this.frames = [];
      this.side.replaceChildren();
      this.said.textContent = [problem.message, ...problem.errors.map((one) => one.message)].join(" ");
    }
    this.element.removeAttribute("aria-busy");
  }

  private async draw(process: string): Promise<void> {
    const wanted = new RegExp(`<(?:\\w+:)?process\\b[^>]*\\bid="${process.replace(/[^\w.-]/g, "")}"`);
    for (const name of ofKind(this.source.names, ".bpmn")) {
      const xml = await this.source.text(name);
      if (!wanted.test(xml)) continue;
      if (this.drawn !== xml) {
        await this.diagram.importXML(xml);
        this.drawn = xml;
        this.picture.fit(this.diagram);
        this.names.clear();
        for (const one of this.diagram.get("elementRegistry").getAll()) {
          if (one.businessObject?.name) this.names.set(one.id, one.businessObject.name);
        }
      }
      return;
    }
  }

  private go(to: number): void {
    if (!this.frames.length) return;
    this.at = Math.max(0, Math.min(to, this.frames.length - 1));
    const frame = this.frames[this.at];
    this.place.value = String(this.at);
    this.count.textContent = `${this.at} / ${this.frames.length - 1}`;
    this.clock.textContent = instant(frame.at);
    this.side.replaceChildren(...panel(frame, this.frames[this.at - 1], this.names));
    this.side.scrollTop = 0;
    this.tokens(frame);
    if (this.at === this.frames.length - 1) this.stop();
  }

  private tokens(frame: Frame): void {
    const canvas = this.diagram.get("canvas");
    const registry = this.diagram.get("elementRegistry");
    const overlays = this.diagram.get("overlays");
    overlays.remove({ type: "token" });
    for (const one of registry.getAll()) {
      canvas.removeMarker(one, "is-done");
      canvas.removeMarker(one, "is-active");
    }
    for (const id of frame.done) if (registry.get(id)) canvas.addMarker(id, "is-done");
    for (const [id, count] of Object.entries(frame.active)) {
      if (!registry.get(id)) continue;
      canvas.addMarker(id, "is-active");
      overlays.add(id, "token", { position: { top: -11, left: -11 }, scale: { min: 0.8, max: 1.2 }, html: el("span", { class: "token-sign" }, String(count)) });
    }
    const first = frame.tasks.map((task) => task.element_id).find((id) => registry.get(id));
    if (first) this.reveal(first);
  }

  // Keep what is open in sight without jumping about when it is seen already.
  private reveal(id: string): void {
    const canvas = this.diagram.get("canvas");
    const element = this.diagram.get("elementRegistry").get(id);
    const view = canvas.viewbox();
    const inside = element.x >= view.x && element.y >= view.y && element.x + element.width <= view.x + view.width && element.y + element.height <= view.y + view.height;
    if (!inside || canvas.zoom() < 0.5) {
      if (canvas.zoom() < 0.5) canvas.zoom(0.75);
      canvas.scrollToElement(element, 150);
    }
  }

  private toggle(): void {
    if (this.pace) return this.stop();
    if (this.at >= this.frames.length - 1) this.go(0);
    this.play.textContent = t("暂停", "Pause");
    this.pace = window.setInterval(() => this.go(this.at + 1), PACE);
  }

  private stop(): void {
    window.clearInterval(this.pace);
    this.pace = 0;
    this.play.textContent = t("播放", "Play");
  }
}
