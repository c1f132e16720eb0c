/** A button that the chat hears. */
import { type Attributes, type Child, element } from "../dom.ts";

export function chat(what: string, attributes: Attributes, ...children: Child[]): HTMLElement {
  return element("button", { type: "button", "data-chat": what, ...attributes }, ...children);
}
