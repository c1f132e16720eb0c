/** The chat's own style, which comes with its code: by the CSSOM, which the page's policy permits. */
import chatStyle from "./chat.css" with { type: "text" };

let isThere = false;

export function addChatStyle(): void {
  if (isThere) return;
  isThere = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(chatStyle);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
