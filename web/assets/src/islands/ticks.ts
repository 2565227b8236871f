// One tick for all the boxes of a name in the same form.
export function mount(element: HTMLElement): void {
  const all = element.querySelector<HTMLInputElement>("input")!;
  const form = element.closest("form")!;
  const boxes = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>(`input[name="${element.dataset.name}"]`)];
  const follow = (): void => {
    for (const box of boxes()) box.checked = all.checked;
  };
  all.addEventListener("change", follow);
  if (all.checked) follow(); // ticked before we came
  form.addEventListener("change", () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  });
}
