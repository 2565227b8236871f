// The bpmn.io libraries bring no types of their own for what is used here.
declare module "bpmn-js-properties-panel";
declare module "bpmn-js-token-simulation";
declare module "bpmn-js-differ";
declare module "bpmn-moddle";
declare module "camunda-bpmn-js-behaviors/lib/camunda-cloud";
declare module "diagram-js-minimap";
declare module "dmn-js/lib/Modeler";
declare module "dmn-js/lib/NavigatedViewer";
declare module "zeebe-bpmn-moddle/resources/zeebe.json";
declare module "@bpmn-io/form-js-editor";
