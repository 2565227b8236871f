// A session that ends in the middle of work: sign in again over the page, and the request is repeated.
import htmx from "htmx.org";
import { t } from "../language";

type Waiting = { verb: string; path: string; source: Element; target: Element };
let waiting: Waiting | null = null;

export function watchSession(): void {
  const dialog = document.querySelector<HTMLDialogElement>("dialog#sign-in-again");
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig, elt, target } = (event as CustomEvent).detail;
    if (xhr.status === 401 && dialog) {
      waiting = { verb: requestConfig.verb, path: requestConfig.path, source: elt, target };
      if (!dialog.open) dialog.showModal();
    } else {
      announce(t("没有成功，请稍后再试。", "That did not work; please try again."));
    }
  });
  document.addEventListener("htmx:sendError", () =>
    announce(t("网络不通，内容仍在本页，恢复后会再次保存。", "No connection. What you wrote is still on this page.")),
  );
  dialog?.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void signIn(dialog, event.target as HTMLFormElement);
  });
}

async function signIn(dialog: HTMLDialogElement, form: HTMLFormElement): Promise<void> {
  const said = dialog.querySelector<HTMLElement>("[role=alert]");
  const response = await fetch("/api/v1/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  if (!response.ok) {
    if (said) said.textContent = (await response.json()).detail;
    return;
  }
  form.reset();
  dialog.close();
  if (waiting) {
    const { verb, path, source, target } = waiting;
    waiting = null;
    void htmx.ajax(verb as "post", path, { source, target });
  }
}

export function announce(text: string): void {
  const place = document.querySelector("#announcements");
  if (place) place.textContent = text;
}
