// Elements in a line: el("button", {class: "btn"}, "Save"). Text is text, never markup.
type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | boolean | null | undefined | ((event: any) => void)>;

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value) element.setAttribute(name, value);
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

const HAN = /([㐀-鿿豈-﫿　-〿＀-￯][㐀-鿿豈-﫿　-〿＀-￯·（）、，。0-9A-Za-z_ -]*)/;

// Data in Chinese inside an English page is marked as Chinese.
export function inTongue(text: string, english: boolean): Node[] {
  if (!english) return [document.createTextNode(text)];
  return text
    .split(HAN)
    .filter(Boolean)
    .map((part) => (HAN.test(part) ? el("span", { lang: "zh-CN" }, part) : document.createTextNode(part)));
}

export const clear = (element: Element): void => element.replaceChildren();
