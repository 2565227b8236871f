// The tabs of the editing page; an editor is loaded when its tab is opened for the first time.
export type Target = { tab: string; file?: string; element?: string };

const waiting = new Map<Element, () => void>();

// On a small screen the page says that editing needs a larger one, and nothing is loaded.
export function hasSpace(element: HTMLElement): boolean {
  const place = element.closest(".needs-space");
  if (!place || getComputedStyle(place).display !== "none") return true;
  window.addEventListener("resize", () => getComputedStyle(place).display !== "none" && location.reload());
  return false;
}

// Run once the panel around the element is seen.
export function whenShown(element: HTMLElement, start: () => void): void {
  if (!hasSpace(element)) return;
  const panel = element.closest<HTMLElement>("[role=tabpanel]");
  if (!panel || !panel.hidden) start();
  else waiting.set(panel, start);
}

export function showTab(name: string): void {
  for (const tab of document.querySelectorAll<HTMLElement>("[role=tab][data-tab]")) {
    const chosen = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls")!)!;
    panel.hidden = !chosen;
    if (chosen) {
      waiting.get(panel)?.();
      waiting.delete(panel);
    }
  }
  history.replaceState(null, "", `#${name}`);
  document.dispatchEvent(new CustomEvent("designer:tab", { detail: name }));
}

export function watchTabs(list: HTMLElement): void {
  const tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
  list.addEventListener("click", (event) => {
    const tab = (event.target as HTMLElement).closest<HTMLElement>("[role=tab]");
    if (tab) showTab(tab.dataset.tab!);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const next = Number.isFinite(step) ? (at + step + tabs.length) % tabs.length : step < 0 ? 0 : tabs.length - 1;
    tabs[next].focus();
    showTab(tabs[next].dataset.tab!);
  });
  const wanted = tabs.find((tab) => `#${tab.dataset.tab}` === location.hash) ?? tabs[0];
  showTab(wanted.dataset.tab!);
}

let asked: Target | null = null; // what nobody has followed yet: its editor is still being opened

// Bring a file, and an element in it, to the eye: the editor of its kind follows.
export function goTo(target: Target): void {
  asked = target;
  showTab(target.tab);
  document.dispatchEvent(new Event("designer:go"));
}

// For an editor that has opened its file: follow what is asked for, and what was asked for meanwhile.
export function whenAsked(tab: string, follow: (target: Target) => void): void {
  const take = (): void => {
    if (asked?.tab !== tab) return;
    const target = asked;
    asked = null;
    follow(target);
  };
  document.addEventListener("designer:go", take);
  take();
}

export const tabOf = (file: string): string =>
  file.endsWith(".bpmn") ? "bpmn" : file.endsWith(".dmn") ? "dmn" : file.endsWith(".form") ? "forms" : "parameters";
