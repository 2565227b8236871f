// The draft that the page works on: texts by file name, saved by themselves, checked after each save.
import { call, Problem, readText } from "./api";

export type Finding = {
  severity: "error" | "warning" | "info";
  code: string;
  message: string;
  file: string;
  element_id: string;
  element_name: string;
  line: number | null;
  column: number | null;
};
type View = { id: string; revision: number; files: Record<string, number>; current_version: number | null };
export type State = "saved" | "unsaved" | "saving" | "failed" | "conflict";

// Where files are read from: a draft, or a version that is deployed.
export interface Source {
  readonly names: string[];
  text(name: string): Promise<string>;
  readonly address: string;
}

const SAVED_AFTER = 900; // ms without a change

export class Draft extends EventTarget implements Source {
  findings: Finding[] = [];
  state: State = "saved";
  trouble = "";
  private texts = new Map<string, string>();
  private waiting = new Map<string, string | null>();
  private timer = 0;
  private running: Promise<void> | null = null;
  private asked = 0;

  constructor(
    readonly id: string,
    public revision: number,
    public names: string[],
  ) {
    super();
    window.addEventListener("beforeunload", (event) => {
      if (this.state !== "saved") event.preventDefault();
    });
  }

  get address(): string {
    return `/drafts/${this.id}`;
  }

  async text(name: string): Promise<string> {
    const waiting = this.waiting.get(name);
    if (typeof waiting === "string") return waiting;
    const known = this.texts.get(name);
    if (known !== undefined) return known;
    const text = await readText(`${this.address}/file?name=${encodeURIComponent(name)}`);
    this.texts.set(name, text);
    return text;
  }

  // What an editor has now. The text that was loaded or saved last is no change.
  set(name: string, text: string | null): void {
    if (text !== null && this.texts.get(name) === text && !this.running) this.waiting.delete(name);
    else this.waiting.set(name, text);
    this.tell(this.waiting.size ? "unsaved" : "saved");
    window.clearTimeout(this.timer);
    if (this.waiting.size) this.timer = window.setTimeout(() => void this.flush(), SAVED_AFTER);
  }

  // Save what is waiting; resolves when nothing is.
  async flush(): Promise<boolean> {
    window.clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.waiting.size) return true;
    const files = new Map(this.waiting);
    this.waiting.clear();
    this.tell("saving");
    this.running = this.save(files).finally(() => (this.running = null));
    await this.running;
    return this.waiting.size ? (this.state === "unsaved" ? this.flush() : false) : true;
  }

  private async save(files: Map<string, string | null>): Promise<void> {
    try {
      this.take(await call<View>("POST", `${this.address}/files`, {
        seen_revision: this.revision,
        files: Object.fromEntries(files),
      }));
      for (const [name, text] of files) text === null ? this.texts.delete(name) : this.texts.set(name, text);
      this.tell(this.waiting.size ? "unsaved" : "saved");
      void this.check();
    } catch (error) {
      for (const [name, text] of files) if (!this.waiting.has(name)) this.waiting.set(name, text);
      const problem = error as Problem;
      this.trouble = problem.message;
      this.tell(problem.code === "stale-draft" ? "conflict" : "failed");
      if (problem.code === "offline") this.timer = window.setTimeout(() => void this.flush(), 5000);
    }
  }

  // The server changed files itself (a parameter, an import): what was loaded of them is old.
  take(view: View, changed: string[] = []): void {
    this.revision = view.revision;
    this.names = Object.keys(view.files);
    for (const name of changed) this.texts.delete(name);
    if (changed.length) {
      this.dispatchEvent(new CustomEvent("files", { detail: changed }));
      void this.check();
    }
  }

  async check(): Promise<void> {
    const turn = ++this.asked;
    try {
      const found = await call<{ findings: Finding[] }>("GET", `${this.address}/findings`);
      if (turn !== this.asked) return;
      this.findings = found.findings;
      this.dispatchEvent(new Event("findings"));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }

  private tell(state: State): void {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

class Version implements Source {
  constructor(
    readonly address: string,
    readonly names: string[],
  ) {}

  text(name: string): Promise<string> {
    return readText(`${this.address}/file?name=${encodeURIComponent(name)}`);
  }
}

let open: Draft | null = null;

// The page says once, on an element around the islands, which draft or version it is about.
export function sourceOf(element: HTMLElement): Source {
  const holder = element.closest<HTMLElement>("[data-files]")!;
  const names = JSON.parse(holder.dataset.files!) as string[];
  if (!holder.dataset.draft) return new Version(holder.dataset.version!, names);
  open ??= new Draft(holder.dataset.draft, Number(holder.dataset.revision), names);
  return open;
}

export const draftOf = (element: HTMLElement): Draft | null => {
  const source = sourceOf(element);
  return source instanceof Draft ? source : null;
};
