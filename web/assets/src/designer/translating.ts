// Chinese for the editors' own words: through their translate service, and on the page where they have none.
import { isEnglish } from "../language";
import { DICTIONARY, IN_THE_FORM, PATTERNS } from "./dictionary";

const fill = (template: string, values: Record<string, unknown> = {}): string =>
  template.replace(/{([^}]+)}/g, (whole, key) => (key in values ? String(values[key]) : whole));

export const translate = (template: string, values?: Record<string, unknown>): string =>
  fill(isEnglish ? template : (DICTIONARY[template] ?? template), values);

export const translateModule = { translate: ["value", translate] };

function known(word: string): string | undefined {
  if (DICTIONARY[word]) return DICTIONARY[word];
  for (const [pattern, tell] of PATTERNS) {
    const match = pattern.exec(word);
    if (match) return tell(match);
  }
  return undefined;
}

const ATTRIBUTES = ["title", "placeholder", "aria-label"];
const NEVER = ".djs-container svg, .cm-editor, textarea, script, style, [data-as-is]";
const FORM = ".fjs-form";
const NOT_OURS = `${NEVER}, ${FORM}`;

// For words that a library writes straight into the page. Only whole texts that the dictionary knows.
export function translatePage(root: HTMLElement): void {
  if (isEnglish) return;
  const visit = (node: Node): void => {
    if (node instanceof Text) {
      const word = node.data.trim();
      const chinese = word && known(word);
      if (!chinese || chinese === word) return;
      const place = node.parentElement?.closest(NOT_OURS);
      if (!place || (place.matches(FORM) && (IN_THE_FORM.includes(word) || !DICTIONARY[word]))) {
        node.data = node.data.replace(word, () => chinese);
      }
      return;
    }
    if (!(node instanceof Element) || node.closest(NEVER)) return;
    for (const name of ATTRIBUTES) {
      const word = node.getAttribute(name)?.trim();
      const chinese = word && known(word);
      if (chinese && chinese !== word) node.setAttribute(name, chinese);
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
