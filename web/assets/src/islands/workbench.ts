// The editing page around the editors: tabs, findings, what is saved and what is not, files in and out.
import { isEnglish, t } from "../language";
import { call } from "../designer/api";
import { draftOf, type Draft, type Finding } from "../designer/draft";
import { el, inTongue } from "../designer/dom";
import { goTo, hasSpace, tabOf, watchTabs } from "../designer/tabs";
import "../designer/designer.css";

export function mount(element: HTMLElement): void {
  if (!hasSpace(element)) return;
  const draft = draftOf(element)!;
  watchTabs(element.querySelector<HTMLElement>("[role=tablist]")!);
  showState(element, draft);
  listFindings(element.querySelector<HTMLElement>("[data-findings]")!, draft);
  element.querySelector<HTMLInputElement>("[data-import]")?.addEventListener("change", (event) => void bring(element, event.target as HTMLInputElement, draft));
  for (const link of element.querySelectorAll<HTMLAnchorElement>("a[data-after-saving]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void leave(element, draft, link.href);
    });
  }
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      void saveAll(element, draft);
    }
  });
  void draft.check();
}

const saveAll = async (element: HTMLElement, draft: Draft): Promise<boolean> => {
  const running: Promise<void>[] = [];
  for (const editor of element.querySelectorAll("[data-island]")) {
    editor.dispatchEvent(new CustomEvent("designer:flush", { detail: running }));
  }
  await Promise.all(running);
  return draft.flush();
};

async function leave(element: HTMLElement, draft: Draft, address: string): Promise<void> {
  if (await saveAll(element, draft)) location.assign(address);
}

function showState(element: HTMLElement, draft: Draft): void {
  const place = element.querySelector<HTMLElement>("[data-state]")!;
  const words = {
    saved: () => t("已保存到草稿", "Saved in the draft"),
    unsaved: () => t("有未保存的改动…", "Changes not saved yet…"),
    saving: () => t("正在保存…", "Saving…"),
    failed: () => `${t("没有保存：", "Not saved: ")}${draft.trouble}`,
    conflict: () => draft.trouble,
  };
  const show = (): void => {
    place.textContent = words[draft.state]();
    place.classList.toggle("bad", draft.state === "failed" || draft.state === "conflict");
    if (draft.state === "conflict") {
      place.append(" ", el("button", { type: "button", class: "btn", click: () => location.reload() }, t("重新载入", "Load again")));
    }
  };
  draft.addEventListener("state", show);
  show();
}

const KINDS = { error: ["错误", "Error"], warning: ["提醒", "Warning"], info: ["说明", "Note"] } as const;

function listFindings(place: HTMLElement, draft: Draft): void {
  let selected: string[] = [];
  const list = el("ul", {});
  const count = el("p", { class: "muted", role: "status" }, t("正在检查…", "Checking…"));
  place.append(count, list);
  const mark = (): void => {
    for (const button of list.querySelectorAll<HTMLElement>("button")) {
      const here = selected.includes(button.dataset.element ?? "-");
      button.classList.toggle("here", here);
      if (here) button.scrollIntoView({ block: "nearest" });
    }
  };
  const show = (): void => {
    const errors = draft.findings.filter((finding) => finding.severity === "error").length;
    const others = draft.findings.length - errors;
    count.textContent = draft.findings.length
      ? t(`${errors} 个错误，${others} 条提醒和说明`, `${errors} errors, ${others} warnings and notes`)
      : t("没有发现问题，可以部署。", "Nothing found; this can be deployed.");
    list.replaceChildren(...draft.findings.map((finding) => el("li", {}, entry(finding))));
    mark();
  };
  draft.addEventListener("findings", show);
  document.addEventListener("designer:selected", (event) => {
    selected = (event as CustomEvent<string[]>).detail;
    mark();
  });
}

function entry(finding: Finding): HTMLElement {
  const [zh, en] = KINDS[finding.severity];
  const where = [finding.element_name || finding.element_id, finding.file].filter(Boolean).join(" · ");
  return el(
    "button",
    {
      type: "button",
      class: `finding ${finding.severity}`,
      "data-element": finding.element_id || null,
      click: () => goTo({ tab: tabOf(finding.file), file: finding.file, element: finding.element_id }),
    },
    el("span", { class: "kind" }, t(`${zh}：`, `${en}: `)),
    el("span", {}, ...inTongue(finding.message, isEnglish)),
    el("span", { class: "where" }, ...inTongue(where, isEnglish)),
  );
}

async function bring(element: HTMLElement, input: HTMLInputElement, draft: Draft): Promise<void> {
  const files = [...(input.files ?? [])];
  if (!files.length || !(await saveAll(element, draft))) return;
  const form = new FormData();
  const places = new Map(draft.names.map((name) => [name.split("/").pop()!, name]));
  for (const file of files) {
    const name = places.get(file.name) ?? (file.webkitRelativePath || file.name);
    form.append("files", file, name);
  }
  try {
    const view = await call<any>("POST", `${draft.address}/import?seen_revision=${draft.revision}`, form);
    const fresh = [...form.getAll("files")].map((file) => (file as File).name);
    if (fresh.some((name) => !draft.names.includes(name))) location.reload();
    else draft.take(view, fresh);
  } catch (error) {
    draft.trouble = (error as Error).message;
    draft.state = "failed";
    draft.dispatchEvent(new Event("state"));
  }
  input.value = "";
}
