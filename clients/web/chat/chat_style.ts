/** The chat's own styles, which come with its code: by the CSSOM, which the page's policy permits. */
const known = new Set<string>();

export function addStyle(text: string): void {
  if (known.has(text)) return;
  known.add(text);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
