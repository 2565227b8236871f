// The choice of one file of a kind above an editor.
import { t } from "../language";
import { el } from "./dom";

export function fileChooser(names: string[], chosen: string, pick: (name: string) => void): HTMLElement {
  const select = el(
    "select",
    { "aria-label": t("文件", "File"), class: "form-select", change: () => pick(select.value) },
    ...names.map((name) => el("option", { value: name, selected: name === chosen }, name)),
  );
  return select;
}

export const ofKind = (names: string[], ending: string): string[] => names.filter((name) => name.endsWith(ending));
