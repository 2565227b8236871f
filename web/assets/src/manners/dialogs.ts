// Buttons that open a native dialog by its id; the browser keeps focus and Escape in order.
export function watchDialogs(): void {
  document.addEventListener("click", (event) => {
    const element = event.target as HTMLElement;
    const opener = element.closest<HTMLElement>("[data-opens]");
    if (opener) {
      event.preventDefault();
      document.querySelector<HTMLDialogElement>(`dialog#${opener.dataset.opens}`)?.showModal();
    }
    if (element.closest("[data-closes]")) element.closest("dialog")?.close();
  });
  const named = /^#([a-z][a-z0-9-]*)$/.exec(location.hash)?.[1]; // an address may lead to a dialog
  if (named) document.querySelector<HTMLDialogElement>(`dialog#${named}`)?.showModal();
}
