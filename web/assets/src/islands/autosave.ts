// A form that saves itself: what comes back is merged into the page, so that focus and half-typed words stay.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";

let defined = false;

export function mount(element: HTMLElement): void {
  if (!defined) {
    defined = true;
    htmx.defineExtension("merge", {
      isInlineSwap: (style: string) => style === "merge",
      handleSwap: (style: string, target: Node, fragment: Node) => {
        if (style !== "merge") return false;
        const fresh = document.createElement("div");
        fresh.append(fragment);
        return Idiomorph.morph(target as Element, fresh.innerHTML, { morphStyle: "innerHTML", ignoreActiveValue: true });
      },
    } as never);
  }
  // What was uploaded stands in the list above by now; left in its field it would be sent again.
  element.addEventListener("htmx:afterSwap", () => {
    for (const input of element.querySelectorAll<HTMLInputElement>("input[type=file]")) input.value = "";
  });
}
