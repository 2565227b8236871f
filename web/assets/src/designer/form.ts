// The form-js editor with our words.
import "@bpmn-io/form-js/dist/assets/form-js.css";
import "@bpmn-io/form-js/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js/dist/assets/properties-panel.css";
import { FormEditor } from "@bpmn-io/form-js-editor";
import { translatePage } from "./translating";

export function formEditor(container: HTMLElement): any {
  const editor = new FormEditor({ container });
  translatePage(container);
  return editor;
}
