// A form that was sent is not sent twice, and one with unsaved changes warns before it is left.
import { t } from "../language";

const dirty = new Set<HTMLFormElement>();

export function watchForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent !== undefined) return event.preventDefault();
    form.dataset.sent = "";
    dirty.delete(form);
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });
  document.addEventListener("input", (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-guarded]");
    if (form) dirty.add(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful } = (event as CustomEvent).detail;
    const form = (elt as HTMLElement).closest<HTMLFormElement>("form[data-guarded]");
    if (form && successful) dirty.delete(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLElement;
    if (field.matches("[data-submits]")) field.closest("form")?.requestSubmit();
  });
  document.addEventListener("click", async (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-copies]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copies ?? "");
    button.textContent = t("已复制", "Copied");
  });
  document.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).closest("[data-prints]")) window.print();
  });
  // What was being sent when the session ended goes on its way as soon as somebody has signed in.
  document.querySelector<HTMLFormElement>("form[data-resumes]")?.requestSubmit();
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}
