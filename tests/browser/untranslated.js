// Texts in the other language than the page's, unless marked as such: what a person sees or is read.
(lang) => {
  const english = /[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}/;
  const chinese = /[\u3400-\u9fff]/;
  const wrong = lang === "zh" ? english : chinese;
  const marked = lang === "zh" ? "[lang^=en], code, pre, kbd, [translate=no]" : "[lang^=zh], code, pre, kbd, [translate=no]";
  const found = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const element = node.parentElement;
    if (!element || element.closest(`script, style, ${marked}`)) continue;
    if (element.closest("input, textarea")) continue;
    if (wrong.test(node.data)) found.add(node.data.trim().slice(0, 80));
  }
  for (const name of ["aria-label", "placeholder", "title", "alt", "data-label"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (!element.closest(marked) && wrong.test(element.getAttribute(name))) {
        found.add(`${name}=${element.getAttribute(name).slice(0, 80)}`);
      }
    }
  }
  if (wrong.test(document.title)) found.add(`title: ${document.title}`);
  return [...found].slice(0, 8);
}
