/**
 * Reactions as they are drawn: of the server's pack where it has one and it is
 * here, else a line each, so no font and no image is needed. One that nobody
 * draws is shown by its name. Whoever calls says the name to a screen reader.
 */
import { drawing } from "../dom.ts";
import { icon } from "../drawings.ts";
import { reaction } from "../sprites.ts";
import { reactionTitle } from "./chat_words.ts";

const FACE = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z";
const PATHS: Record<string, string> = {
  "thumbs-up":
    "M7.5 10.5v9.5H4v-9.5ZM7.5 10.5 11 3.5c1.7 0 2.6 1 2.6 2.6L13 9.5h5.2c1.3 0 2.1 1 1.9" +
    " 2.2l-1.1 6.5c-.2 1.1-1 1.8-2 1.8H7.5",
  fire:
    "M12 3c.5 4.5 5.5 6 5.5 11.5A5.6 5.6 0 0 1 12 20.5a5.6 5.6 0 0 1-5.5-5.8c0-2 1-3.6 2.2-4.7" +
    " 0 1.8.8 2.8 1.8 2.8C11.5 10 9.5 7 12 3Z",
  heart: "M12 20S4 14.5 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 5.5-8 11-8 11Z",
  joy: `${FACE}M7 10.5l2-1.5 2 1.5M13 10.5l2-1.5 2 1.5M7.5 13.5h9a4.5 4.5 0 0 1-9 0Z`,
  shock: `${FACE}M8.5 9.5v.6M15.5 9.5v.6M12 13a2 2.5 0 1 0 0 5 2 2.5 0 0 0 0-5Z`,
};

export function reactionView(id: string): Node | string {
  const sprite = reaction(id);
  if (sprite) return sprite;
  if (id === "soccer-ball") return icon("ball");
  const path = PATHS[id];
  if (path === undefined) return reactionTitle(id);
  return drawing(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    drawing("path", { d: path }),
  );
}
