/**
 * What the whole room feels: taps of the last second, counted by the server, and
 * this fan's own at once. All that is left to do where only reactions are let in.
 */
import type { ReactionCount } from "../../../protocol/golazo_codec.ts";
import { element } from "../dom.ts";
import { countText } from "../market_words.ts";
import { chat } from "./chat_button.ts";
import { REACTIONS, reactionTitle } from "./chat_words.ts";
import { reactionView } from "./reaction_view.ts";

/** The server counts a second; as long again until the next count is here. */
export const CHEER_MS = 2_000;

export interface CheerLook {
  counts: readonly ReactionCount[];
  /** By this device, of this fan's own. */
  cheered: ReadonlyMap<string, number>;
  now: number;
}

export function cheerView({ counts, cheered, now }: CheerLook): HTMLElement {
  const fansOf = (id: string) => counts.find(({ reaction }) => reaction === id)?.fans ?? 0;
  const isOwn = (id: string) => now < (cheered.get(id) ?? -Infinity) + CHEER_MS;
  const others = counts.map(({ reaction }) => reaction)
    .filter((id) => !REACTIONS.some((known) => known.id === id));
  return element(
    "div",
    {
      class: "cheers",
      key: "cheers",
      role: "group",
      "aria-label": "Cheer with everybody",
      "data-testid": "cheers",
    },
    ...[...REACTIONS.map(({ id }) => id), ...others].map((id) => {
      const fans = Math.max(fansOf(id), isOwn(id) ? 1 : 0);
      const told = fans === 0 ? "" : `: ${countText(fans)} now`;
      return chat(
        "cheer",
        {
          key: `c-${id}`,
          class: isOwn(id) ? "is-own" : null,
          "data-id": id,
          "aria-label": `Cheer: ${reactionTitle(id)}${told}`,
        },
        reactionView(id),
        fans > 0 && element("b", {}, countText(fans)),
      );
    }),
  );
}
