/**
 * The colours that a team is known by, for its badge.
 *
 * National teams have those of their flags as one simple figure, which is a
 * badge and not a flag; any other team gets a pair that follows from its code,
 * so it looks the same on every device. A badge never stands without a name.
 */

import type { Team } from "../../protocol/golazo_codec.ts";

export type BadgeFigure =
  | "rows"
  | "columns"
  | "cross"
  | "nordicCross"
  | "saltire"
  | "disc"
  | "sash";

export interface Badge {
  figure: BadgeFigure;
  /** CSS colours: the bands in order, or the ground and then the figure. */
  colours: string[];
}

const FIGURES: Record<string, BadgeFigure> = {
  "-": "rows",
  "|": "columns",
  "+": "cross",
  "n": "nordicCross",
  "x": "saltire",
  "o": "disc",
  "/": "sash",
};

const NATIONS = "ALG|063 fff;ARG-6cace4 fff 6cace4;AUS-00843d ffcd00;AUT-c8102e fff c8102e;" +
  "BEL|222 fdda24 ef3340;BOL-d52b1e f9e300 007934;BRAo009739 fedd00;CAN|d80621 fff d80621;" +
  "CHI-fff d52b1e;CIV|ff8200 fff 009a44;CMR|007a5e ce1126 fcd116;COL-fcd116 fcd116 003893 ce1126;" +
  "CRC-002b7f fff ce1126 fff 002b7f;CRO-e4002b fff 0c1c8c;CZE-fff d7141a;DENnc8102e fff;" +
  "ECU-ffdd00 ffdd00 034ea2 ed1c24;EGY-ce1126 fff 222;ENG+fff ce1124;ESP-aa151b f1bf00 f1bf00 aa151b;" +
  "FINnfff 003580;FRA|0b2a6f fff e1000f;GER-222 d00 ffce00;GHA-ce1126 fcd116 006b3f;" +
  "GRE-0d5eaf fff 0d5eaf fff 0d5eaf;HUN-ce2939 fff 477050;IRL|169b62 fff ff883e;IRN-239f40 fff da0000;" +
  "ISLn02529c dc1e35;ITA|008c45 fff cd212a;JPNofff bc002d;KORofff cd2e3a;KSA-006c35 006c35;" +
  "MARoc1272d 006233;MEX|006847 fff ce1126;NED-ae1c28 fff 21468b;NGA|008751 fff 008751;" +
  "NIR+fff c8102e;NORnba0c2f 00205b;NZL/111 fff;PANxfff da121a;PAR-d52b1e fff 0038a8;" +
  "PER|d91023 fff d91023;POL-fff dc143c;POR|060 060 f00 f00 f00;QAT|fff 8a1538 8a1538;" +
  "ROU|002b7f fcd116 ce1126;RSA-e03c31 007749 001489;RUS-fff 0039a6 d52b1e;SCOx005eb8 fff;" +
  "SEN|00853f fdef42 e31b23;SRB-c6363c 0c4076 fff;SUI+da291c fff;SVK-fff 0b4ea2 ee1c25;" +
  "SVN-fff 005da4 ed1c24;SWEn006aa7 fecc00;TUNoe70013 fff;TURoe30a17 fff;UKR-0057b7 ffd700;" +
  "URU-fff 5cbfeb fff 5cbfeb fff;USA-b31942 fff b31942 fff b31942;VEN-fc0 00247d cf142b;WAL-fff 00b140";

const nations = new Map<string, Badge>();
for (const nation of NATIONS.split(";")) {
  nations.set(nation.slice(0, 3), {
    figure: FIGURES[nation[3]!]!,
    colours: nation.slice(4).split(" ").map((colour) => `#${colour}`),
  });
}

/** The one colour of a team that shows on a dark ground, as `#rrggbb`. */
export function teamColour(team: Team): string {
  const { colours } = teamBadge(team);
  const shown = colours.find((colour) => !isGrey(colour)) ?? "#ffffff";
  return shown.length === 7 ? shown : shown.replace(/[^#]/g, "$&$&");
}

function isGrey(colour: string): boolean {
  return /^#(.)\1*$/.test(colour);
}

/** Dark and light ones that tell each other apart in any pair of them. */
const GROUNDS = ["#12355b", "#7b1e3a", "#0b6e4f", "#4a2c82", "#8f2d12", "#1d1d2c", "#005f73"];
const MARKS = ["#ffffff", "#ffd23f", "#8ecae6", "#f4a261", "#b8f2a0"];
const OTHERS: BadgeFigure[] = ["rows", "columns", "sash", "cross", "saltire"];

export function teamBadge({ code, id }: Team): Badge {
  const nation = nations.get(code);
  if (nation) return nation;
  let hash = 7;
  for (const letter of id || code) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  const ground = GROUNDS[hash % GROUNDS.length]!;
  const mark = MARKS[(hash >>> 4) % MARKS.length]!;
  const figure = OTHERS[(hash >>> 8) % OTHERS.length]!;
  const isBanded = figure === "rows" || figure === "columns";
  return { figure, colours: isBanded ? [ground, mark, ground] : [ground, mark] };
}
