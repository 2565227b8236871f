// What every page loads: htmx, the islands where there are any, and the few manners of our pages.
import htmx from "htmx.org";
import { watchForms } from "./manners/forms";
import { watchSession } from "./manners/session";
import { watchDialogs } from "./manners/dialogs";
import { watchClock } from "./manners/countdown";

type Island = { mount(element: HTMLElement): void | Promise<void> };
const islands = import.meta.glob<Island>("./islands/*.ts");

async function mountIslands(root: ParentNode): Promise<void> {
  for (const element of root.querySelectorAll<HTMLElement>("[data-island]:not([data-mounted])")) {
    element.dataset.mounted = "";
    const load = islands[`./islands/${element.dataset.island}.ts`];
    if (!load) throw new Error(`there is no island ${element.dataset.island}`);
    await (await load()).mount(element);
    element.dataset.mounted = "done";
  }
}

htmx.onLoad((element) => {
  const root = element as HTMLElement;
  void mountIslands(root.parentNode ?? document);
});
watchForms();
watchSession();
watchDialogs();
watchClock();
