/**
 * A card as SVG: 1200 x 630 as links are shown, and a square for stories.
 *
 * Pure: the same card gives the same text. Whatever names and words come in
 * they are escaped and keep to their boxes; flags are given as images, so that
 * nothing of this reads a file.
 */
import { Buffer } from "node:buffer";
import type { CardSide, CardView, HeadlineTone, TeamMark } from "./card_view.ts";
import { cut, escaped, fitLine, fitLines, type Fitted, widthOf } from "./text_fit.ts";

export const SHAPES = {
  wide: { width: 1200, height: 630 },
  square: { width: 1080, height: 1080 },
} as const;
export type Shape = keyof typeof SHAPES;

/** Another one whenever the same card is drawn otherwise. */
export const LAYOUT = 1;

/** The SVG of a flag, four to three; null: there is none. */
export type FlagOf = (country: string) => string | null;

interface Frame {
  width: number;
  height: number;
  margin: number;
  headerY: number;
  headerSize: number;
  /** Middles of the two teams' columns, and how wide those are. */
  columns: { home: number; away: number; width: number };
  mark: { y: number; height: number };
  name: { y: number; single: number[]; double: number[] };
  score: { y: number; size: number; width: number };
  status: { y: number; size: number; width: number };
  scorers: { y: number; size: number; step: number };
  band: { height: number; size: number };
}

const FRAMES: Record<Shape, Frame> = {
  wide: {
    ...{ width: 1200, height: 630, margin: 56, headerY: 68, headerSize: 28 },
    columns: { home: 226, away: 974, width: 392 },
    mark: { y: 112, height: 144 },
    name: { y: 318, single: [52, 46, 40], double: [40, 34, 28] },
    score: { y: 276, size: 190, width: 350 },
    status: { y: 320, size: 28, width: 344 },
    scorers: { y: 414, size: 27, step: 36 },
    band: { height: 90, size: 38 },
  },
  square: {
    ...{ width: 1080, height: 1080, margin: 64, headerY: 96, headerSize: 34 },
    columns: { home: 284, away: 796, width: 456 },
    mark: { y: 152, height: 186 },
    name: { y: 410, single: [60, 52, 46], double: [44, 38, 32] },
    score: { y: 660, size: 226, width: 620 },
    status: { y: 694, size: 32, width: 560 },
    scorers: { y: 836, size: 29, step: 37 },
    band: { height: 116, size: 44 },
  },
};

const LATIN = "Inter";
const FAMILIES = `${LATIN}, 'Noto Sans Arabic', 'Noto Sans CJK SC', 'Noto Sans', sans-serif`;
/** Of a side: three scorers and how many more, or a long name and its minutes on two. */
const SCORER_ROWS = 4;
const INK = "#f6fff9";
const SOFT = "#a9c9b8";
const ACCENT = "#c8ff4d";
const BANDS: Record<HeadlineTone, [ground: string, ink: string]> = {
  goal: [ACCENT, "#08130e"],
  annulled: ["#ffb020", "#231500"],
  review: ["#7c4dff", "#ffffff"],
  red: ["#e5233d", "#ffffff"],
  plain: ["#12301f", INK],
};

export function cardSvg(card: CardView, shape: Shape, flagOf: FlagOf): string {
  const frame = FRAMES[shape];
  const { width, height } = frame;
  const parts = [
    ground(frame, card),
    header(frame, card),
    team(frame, card.home, frame.columns.home, flagOf),
    team(frame, card.away, frame.columns.away, flagOf),
    score(frame, card),
    status(frame, card),
    scorers(frame, card.home, frame.columns.home),
    scorers(frame, card.away, frame.columns.away),
    band(frame, card),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="${FAMILIES}" fill="${INK}">` +
    `${parts.join("")}</svg>`;
}

/** A pitch at night: its halfway line and circle, and no gradient that a PNG would be heavy of. */
function ground({ width, height, columns, band }: Frame, { headline }: CardView): string {
  const pitch = height - (headline === null ? 0 : band.height);
  const middle = (columns.home + columns.away) / 2;
  const stripe = width / 8;
  const stripes = [0, 2, 4, 6].map((at) =>
    `<rect x="${at * stripe}" width="${stripe}" height="${height}" fill="#0b1f15"/>`
  );
  return `<rect width="${width}" height="${height}" fill="#0a1b12"/>${stripes.join("")}` +
    `<g fill="none" stroke="#163626" stroke-width="3"><path d="M${middle} 0V${height}"/>` +
    `<circle cx="${middle}" cy="${pitch / 2 + 20}" r="${height * 0.3}"/></g>`;
}

function header({ width, margin, headerY, headerSize }: Frame, card: CardView): string {
  const brand = headerSize * 5.6;
  const room = width - 2 * margin - brand;
  const text = [card.competition, card.stage].filter((part) => part !== "").join("  ·  ");
  const fitted = fitLine(text, room, [headerSize, headerSize * 0.86]);
  const ball = width - margin - headerSize * 4.9;
  return line(fitted.lines[0]!, margin, headerY, fitted.size, { anchor: "start", fill: SOFT }) +
    `<circle cx="${ball}" cy="${headerY - headerSize * 0.36}" r="${headerSize * 0.3}" ` +
    `fill="${ACCENT}"/>` +
    line("GOLAZO", width - margin, headerY, headerSize, { anchor: "end", weight: 800 });
}

function team({ mark, name, columns }: Frame, side: CardSide, x: number, flagOf: FlagOf): string {
  const shown = fitLines(side.name, columns.width, name);
  const step = shown.size * 1.14;
  const first = name.y + (shown.lines.length === 1 ? 6 : -step * 0.1);
  return markSvg(side.mark, x, mark.y, mark.height, flagOf) +
    shown.lines.map((text, at) => line(text, x, first + at * step, shown.size, { weight: 800 }))
      .join("");
}

function markSvg(mark: TeamMark, x: number, y: number, height: number, flagOf: FlagOf): string {
  const flag = mark.kind === "flag" ? flagOf(mark.country) : null;
  if (flag !== null) {
    const width = height * 4 / 3;
    const [left, radius] = [x - width / 2, height * 0.09];
    const id = `m${Math.round(x)}`;
    const box = `x="${left}" y="${y}" width="${width}" height="${height}" rx="${radius}"`;
    return `<clipPath id="${id}"><rect ${box}/></clipPath>` +
      `<image clip-path="url(#${id})" x="${left}" y="${y}" width="${width}" height="${height}" ` +
      `preserveAspectRatio="xMidYMid slice" ` +
      `href="data:image/svg+xml;base64,${Buffer.from(flag).toString("base64")}"/>` +
      `<rect ${box} fill="none" stroke="#ffffff" stroke-opacity="0.22" stroke-width="2"/>`;
  }
  const { letters, ground, figure } = mark.kind === "badge"
    ? mark
    : { letters: mark.country.toUpperCase(), ground: "#12355b", figure: "#ffffff" };
  return badge(letters, ground, figure, x, y, height);
}

/** A shield with a sash and the team's letters. */
function badge(
  letters: string,
  ground: string,
  figure: string,
  x: number,
  y: number,
  height: number,
): string {
  const unit = height / 100;
  const at = (dx: number, dy: number) => `${x + dx * unit} ${y + dy * unit}`;
  const outline = `M${at(-42, 4)}H${x + 42 * unit}V${y + 52 * unit}` +
    `C${at(42, 78)} ${at(18, 92)} ${at(0, 100)}C${at(-18, 92)} ${at(-42, 78)} ${at(-42, 52)}Z`;
  const id = `m${Math.round(x)}`;
  const text = fitLine(letters, 74 * unit, [32 * unit, 26 * unit, 20 * unit]);
  return `<clipPath id="${id}"><path d="${outline}"/></clipPath><path d="${outline}" ` +
    `fill="${ground}"/><path clip-path="url(#${id})" d="M${at(-50, 74)}L${at(50, 24)}V${y}` +
    `H${x - 50 * unit}Z" fill="${figure}" fill-opacity="0.2"/>` +
    `<path d="${outline}" fill="none" stroke="${figure}" stroke-width="${4 * unit}"/>` +
    line(text.lines[0]!, x, y + 58 * unit, text.size, { weight: 800, fill: figure });
}

function score({ score, columns }: Frame, { home, away, tone }: CardView): string {
  const middle = (columns.home + columns.away) / 2;
  const text = home.score === null ? "vs" : `${home.score}–${away.score}`;
  const sizes = [score.size, score.size * 0.8, score.size * 0.6, score.size * 0.45];
  const size = home.score === null ? score.size * 0.5 : fitLine(text, score.width, sizes).size;
  const fill = tone === "stopped" ? SOFT : INK;
  // Centred on its digits, whatever its size.
  const y = score.y - (score.size - size) * 0.36;
  return line(text, middle, y, size, { weight: 800, fill });
}

/** The phase in a pill, and the shootout below it. */
function status({ status, columns }: Frame, { status: words, tone, shootout }: CardView): string {
  const middle = (columns.home + columns.away) / 2;
  const text = fitLine(words, status.width - status.size * 1.5, [status.size, status.size * 0.84]);
  const width = widthOf(text.lines[0]!, text.size) + status.size * 1.5;
  const height = status.size * 1.75;
  const [fill, ink] = tone === "live" ? [ACCENT, "#08130e"] : ["#1d4730", INK];
  const pill = `<rect x="${middle - width / 2}" y="${status.y}" width="${width}" ` +
    `height="${height}" rx="${height / 2}" fill="${fill}"/>` +
    line(text.lines[0]!, middle, status.y + height * 0.66, text.size, { fill: ink });
  if (shootout === null) return pill;
  const kicks = `${shootout.home}–${shootout.away} on penalties`;
  const fitted = fitLine(kicks, status.width, [status.size * 1.15, status.size]);
  return pill + line(kicks, middle, status.y + height * 1.86, fitted.size, { weight: 800 });
}

function scorers({ scorers, columns }: Frame, side: CardSide, x: number): string {
  const { size, step, y } = scorers;
  const { width } = columns;
  const sizes = [size, size * 0.9, size * 0.8];
  let spare = SCORER_ROWS - side.scorers.length - Math.sign(side.more);
  const rows = side.scorers.flatMap(({ name, when }) => {
    const { lines: [whole], size: fitting } = fitLine(`${name} ${when}`, width, sizes);
    if (!whole!.endsWith("…")) return [{ text: whole!, size: fitting }];
    if (spare > 0) {
      spare -= 1;
      return [name, when].map((part) => fitLine(part, width, sizes))
        .map(({ lines: [text], size }) => ({ text: text!, size }));
    }
    // The minutes are what the line is for; the name is cut first, to a third at most.
    const smallest = sizes.at(-1)!;
    const room = width - Math.min(widthOf(` ${when}`, smallest), width * 0.67);
    const text = cut(`${cut(name, room, smallest)} ${when}`, width, smallest);
    return [{ text, size: smallest }];
  });
  if (side.more > 0) rows.push({ text: `and ${side.more} more`, size });
  // All as small as the longest has to be.
  const common = Math.min(...rows.map(({ size }) => size));
  return rows.map(({ text }, at) => line(text, x, y + at * step, common, { fill: SOFT })).join("");
}

function band({ width, height, margin, band }: Frame, { headline }: CardView): string {
  if (headline === null) return "";
  const [fill, ink] = BANDS[headline.tone];
  const sizes = [band.size, band.size * 0.88, band.size * 0.76, band.size * 0.66];
  const { lines: [text], size }: Fitted = fitLine(headline.text, width - 2 * margin, sizes);
  const top = height - band.height;
  return `<rect y="${top}" width="${width}" height="${band.height}" fill="${fill}"/>` +
    line(text!, width / 2, top + band.height / 2 + size * 0.36, size, { weight: 800, fill: ink });
}

interface LineStyle {
  anchor?: "start" | "middle" | "end";
  weight?: 600 | 800;
  fill?: string;
}

function line(text: string, x: number, y: number, size: number, style: LineStyle = {}): string {
  const { anchor = "middle", weight = 600, fill } = style;
  const colour = fill === undefined ? "" : ` fill="${fill}"`;
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" ` +
    `text-anchor="${anchor}"${colour}>${escaped(text)}</text>`;
}
