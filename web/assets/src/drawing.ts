// What a drawn diagram says is the file's: Chinese on every page. Its maker's sign is a name.
export function markTongue(holder: Element): void {
  for (const picture of holder.querySelectorAll("svg")) picture.setAttribute("lang", "zh-CN");
  holder.querySelector(".bjs-powered-by")?.setAttribute("translate", "no");
}
