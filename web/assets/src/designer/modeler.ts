// bpmn-js to draw with: Camunda 8's properties and FEEL editor, minimap, search, token simulation.
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import Modeler from "bpmn-js/lib/Modeler";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from "bpmn-js-properties-panel";
import TokenSimulationModule from "bpmn-js-token-simulation";
import ZeebeBehaviorsModule from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import MinimapModule from "diagram-js-minimap";
import { markTongue } from "../drawing";
import { moddleExtensions, type Diagram } from "./bpmn";
import { translateModule, translatePage } from "./translating";

export function modeler(container: HTMLElement, properties: HTMLElement): Diagram {
  const diagram = new Modeler({
    container,
    moddleExtensions,
    propertiesPanel: { parent: properties },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeBehaviorsModule,
      MinimapModule,
      TokenSimulationModule,
      translateModule,
    ],
  });
  // The panel listens only once it is drawn; tell it again what was chosen before.
  diagram.on("propertiesPanel.layoutChanged", () => {
    const newSelection = diagram.get<any>("selection").get();
    diagram.get<any>("eventBus").fire("selection.changed", { oldSelection: [], newSelection });
  });
  translatePage(container);
  translatePage(properties);
  markTongue(container);
  return diagram as unknown as Diagram;
}
