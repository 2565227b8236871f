// dmn-js with our words in every one of its views.
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import Modeler from "dmn-js/lib/Modeler";
import NavigatedViewer from "dmn-js/lib/NavigatedViewer";
import { translateModule, translatePage } from "./translating";

export type View = { id: string; name: string; type: string; element: any };

const OF_EACH = Object.fromEntries(
  ["drd", "decisionTable", "literalExpression", "boxedExpression"].map((view) => [
    view,
    { additionalModules: [translateModule] },
  ]),
);

export function tables(container: HTMLElement, editing: boolean): any {
  const Kind = editing ? Modeler : NavigatedViewer;
  const found = new Kind({ container, ...OF_EACH });
  translatePage(container);
  return found;
}
