import { t } from "./language";

// What a drawn diagram says is the file's: Chinese on every page. Its maker's sign is a name.
export function markTongue(holder: Element): void {
  for (const picture of holder.querySelectorAll("svg")) picture.setAttribute("lang", "zh-CN");
  holder.querySelector(".bjs-powered-by")?.setAttribute("translate", "no");
}

// A row's buttons that zoom; gives back what adds another one.
export function zoomButtons(row: HTMLElement, canvas: any): (zh: string, en: string, act: () => void) => void {
  const button = (zh: string, en: string, act: () => void): void => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn";
    one.textContent = t(zh, en);
    one.addEventListener("click", act);
    row.append(one);
  };
  button("放大", "Zoom in", () => canvas.zoom(canvas.zoom() * 1.25));
  button("缩小", "Zoom out", () => canvas.zoom(canvas.zoom() / 1.25));
  button("看全图", "Whole diagram", () => canvas.zoom("fit-viewport"));
  return button;
}
