// A part of a page that renews itself: asked for again every so often, not while nobody looks at it.
import { Idiomorph } from "idiomorph";

export function mount(element: HTMLElement): void {
  const seconds = Number(element.dataset.seconds ?? "60");
  let asked = Date.now();
  let asking = false;

  const renew = async (): Promise<void> => {
    if (asking || document.hidden || element.querySelector("dialog[open]")) return;
    asking = true;
    try {
      const answer = await fetch(window.location.href, { headers: { "HX-Request": "true" }, cache: "no-store" });
      const type = answer.headers.get("Content-Type") ?? "";
      if (!answer.ok || answer.redirected || !type.startsWith("text/html")) throw new Error(String(answer.status));
      Idiomorph.morph(element, await answer.text(), { morphStyle: "innerHTML" });
      asked = Date.now();
    } catch {
      for (const word of element.querySelectorAll<HTMLElement>(".late-word")) word.hidden = false;
    } finally {
      asking = false;
    }
  };
  window.setInterval(() => void renew(), seconds * 1000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - asked >= seconds * 1000) void renew();
  });
}
