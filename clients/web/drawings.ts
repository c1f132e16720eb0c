/**
 * Everything that is drawn: badges and the icons of the timeline.
 *
 * Inline SVG, so nothing is fetched and no emoji font is needed. All of it is
 * decoration beside words, hence hidden from assistive technology.
 */
import type { Team } from "../../protocol/golazo_codec.ts";
import { drawing } from "./dom.ts";
import { teamBadge } from "./team_colours.ts";
import type { Badge } from "./team_colours.ts";

export function badgeOf(team: Team): SVGElement {
  const badge = teamBadge(team);
  return drawing(
    "svg",
    {
      class: "badge",
      viewBox: "0 0 60 60",
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    ...figureOf(badge),
  );
}

function figureOf({ figure, colours }: Badge): SVGElement[] {
  const [ground = "", mark = ""] = colours;
  const band = 60 / colours.length;
  const line = (path: string, width: number) =>
    drawing("path", { d: path, stroke: mark, "stroke-width": width, fill: "none" });
  const onGround = (...marks: SVGElement[]) => [box(0, 0, 60, 60, ground), ...marks];
  switch (figure) {
    case "rows":
      return colours.map((colour, at) => box(0, at * band, 60, band + 0.5, colour));
    case "columns":
      return colours.map((colour, at) => box(at * band, 0, band + 0.5, 60, colour));
    case "cross":
      return onGround(line("M30 0V60M0 27H60", 13));
    case "nordicCross":
      return onGround(line("M22 0V60M0 28H60", 11));
    case "saltire":
      return onGround(line("M0 0L60 60M60 0L0 60", 11));
    case "sash":
      return onGround(line("M-5 8L65 52", 18));
    case "disc":
      return onGround(drawing("circle", { cx: 30, cy: 28, r: 15, fill: mark }));
  }
}

function box(x: number, y: number, width: number, height: number, fill: string): SVGElement {
  return drawing("rect", { x, y, width, height, fill });
}

const BALL = "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM12 7.5l4.3 3.1-1.6 5H9.3l-1.6-5Z" +
  "M12 3v4.5M3.5 9.5l4.2 1.1M20.5 9.5l-4.2 1.1M7 19.5l2.3-3.9M17 19.5l-2.3-3.9";

const ICONS = {
  ball: BALL,
  ballOut: `${BALL}M2 22 22 2`,
  penaltyMiss: "M2.5 20V5h19v15M9 10.5l6 6M15 10.5l-6 6",
  swap: "M7 20V5M3 9l4-4 4 4M17 4v15M13 15l4 4 4-4",
  on: "M12 20V5M5.5 11.5 12 5l6.5 6.5",
  off: "M12 4v15M5.5 12.5 12 19l6.5-6.5",
  screen: "M2.5 4.5h19v12.5h-19ZM8 21h8M12 17v4",
  pause: "M8.5 5v14M15.5 5v14",
  play: "M7.5 4.5v15l12-7.5Z",
  back: "M20 12H5M11 5.5 4.5 12l6.5 6.5",
  tick: "M5 12.5l4.7 4.7L19 7.5",
  cross: "M6.5 6.5l11 11M17.5 6.5l-11 11",
} as const;

export type IconName = keyof typeof ICONS;

export function icon(name: IconName): SVGElement {
  return drawing(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true" },
    drawing("path", { d: ICONS[name] }),
  );
}

/** A card as the referee holds it; a second yellow shows both. */
export function cardIcon(colour: "yellow" | "secondYellow" | "red"): SVGElement {
  const card = (x: number, className: string) =>
    drawing("rect", { class: className, x, y: 3, width: 12, height: 18, rx: 2 });
  return drawing(
    "svg",
    { class: "icon card-icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    ...(colour === "secondYellow"
      ? [card(3, "card-yellow"), card(9, "card-red")]
      : [card(6, `card-${colour}`)]),
  );
}
