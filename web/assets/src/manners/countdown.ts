// Elements that say how long is left: `<time data-until="…">`. The server's text stands until we count.
import { t } from "../language";

export function watchClock(): void {
  if (document.querySelector("[data-until]")) count();
  window.setInterval(() => document.hidden || count(), 1000);
}

function count(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-until]")) {
    const left = Date.parse(element.dataset.until ?? "") - Date.now();
    if (Number.isNaN(left)) continue;
    element.textContent = left >= 0 ? remaining(left) : t(`已超 ${clock(-left)}`, `${clock(-left)} over`);
    element.classList.toggle("is-over", left < 0);
  }
}

const remaining = (left: number): string => t(`还剩 ${clock(left)}`, `${clock(left)} left`);

function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
