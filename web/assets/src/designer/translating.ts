// Chinese for the editors' own words: through their translate service, and on the page where they have none.
import { isEnglish } from "../language";
import { DICTIONARY } from "./dictionary";

const fill = (template: string, values: Record<string, unknown> = {}): string =>
  template.replace(/{([^}]+)}/g, (whole, key) => (key in values ? String(values[key]) : whole));

export const translate = (template: string, values?: Record<string, unknown>): string =>
  fill(isEnglish ? template : (DICTIONARY[template] ?? template), values);

export const translateModule = { translate: ["value", translate] };

const ATTRIBUTES = ["title", "placeholder", "aria-label"];
const NOT_OURS = ".djs-container svg, .cm-editor, .fjs-container .fjs-form, textarea, script, style, [data-as-is]";

// For words that a library writes straight into the page. Only whole texts that the dictionary knows.
export function translatePage(root: HTMLElement): void {
  if (isEnglish) return;
  const visit = (node: Node): void => {
    if (node instanceof Text) {
      const word = node.data.trim();
      const known = DICTIONARY[word];
      if (known && known !== word && !node.parentElement?.closest(NOT_OURS)) node.data = node.data.replace(word, known);
      return;
    }
    if (!(node instanceof Element) || node.closest(NOT_OURS)) return;
    for (const name of ATTRIBUTES) {
      const known = DICTIONARY[node.getAttribute(name)?.trim() ?? ""];
      if (known && known !== node.getAttribute(name)?.trim()) node.setAttribute(name, known);
    }
    node.childNodes.forEach(visit);
  };
  visit(root);
  new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === "childList") record.addedNodes.forEach(visit);
      else visit(record.target);
    }
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
