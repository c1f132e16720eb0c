import { describe, expect, test } from "vitest";
import { cardSvg, type Shape, SHAPES } from "./card_layout.ts";
import { cardOf, type CardSide, type CardView } from "./card_view.ts";
import { applyAll, scheduled, started } from "../../actors/match/match.testing.ts";
import { widthOf } from "./text_fit.ts";

const NAMES = [
  "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
  "W".repeat(120),
  "المنتخب الوطني السعودي لكرة القدم للرجال تحت سن الثالثة والعشرين",
  "中华人民共和国国家男子足球代表队训练中心第二队",
  "Российский футбольный клуб имени Первого Мая Ленинградской области",
  "Ş̌̌̌ǻ̌̌̌ñ̌̌̌".repeat(30),
  "<script>alert(1)</script> & \"Sons\" 'FC'",
  "",
];
const shapes = Object.keys(SHAPES) as Shape[];
const plain = cardOf(applyAll([scheduled(), started("firstHalf")]).view);

function longCard(name: string): CardView {
  const side = (base: CardSide): CardSide => ({
    ...base,
    name,
    score: 12,
    scorers: [1, 2, 3].map(() => ({ name, when: "1’, 12’ (p), 45+2’, 90+11’ (og)" })),
    more: 9,
    mark: { kind: "badge", letters: name.slice(0, 9), ground: "#12355b", figure: "#ffffff" },
  });
  return {
    ...plain,
    competition: name,
    stage: name,
    home: side(plain.home),
    away: side(plain.away),
    shootout: { home: 21, away: 20 },
    headline: { tone: "annulled", text: `90+11’ Goal annulled by VAR: ${name}` },
  };
}

/** Each text with the room that its place gives it. */
function textsOf(svg: string) {
  const pattern =
    /<text x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)"[^>]*anchor="(\w+)"[^>]*>([^<]*)</g;
  return [...svg.matchAll(pattern)].map(([, x, y, size, anchor, text]) => {
    const shown = text!.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    const width = widthOf(shown, Number(size));
    const left = anchor === "start" ? Number(x) : Number(x) - width / (anchor === "end" ? 1 : 2);
    return { left, right: left + width, y: Number(y), size: Number(size), text: shown };
  });
}

describe("cardSvg", () => {
  for (const shape of shapes) {
    test(`keeps the longest names on a ${shape} card`, () => {
      for (const name of NAMES) {
        const texts = textsOf(cardSvg(longCard(name), shape, () => null));
        expect(texts.length).toBeGreaterThan(12);
        for (const { left, right, y } of texts) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(SHAPES[shape].width);
          expect(y).toBeLessThan(SHAPES[shape].height);
        }
      }
    });

    test(`gives a name and its minutes two lines on a ${shape} card rather than cut it`, () => {
      const when = "80’ (p), 81’, 118’ (p)";
      const scorers = [{ name: "Kylian Mbappé", when }];
      const card = { ...plain, away: { ...plain.away, scorers, more: 0 } };
      const texts = textsOf(cardSvg(card, shape, () => null)).map(({ text }) => text);
      expect(texts.filter((text) => /Mbappé|118/.test(text))).toEqual(["Kylian Mbappé", when]);
    });

    test(`lays no text over another on a ${shape} card`, () => {
      for (const name of NAMES) {
        const texts = textsOf(cardSvg(longCard(name), shape, () => null));
        for (const [at, one] of texts.entries()) {
          for (const other of texts.slice(at + 1)) {
            const isBeside = one.right <= other.left || other.right <= one.left;
            // Capitals and digits reach 0.73 of a size above their line.
            const [upper, lower] = one.y < other.y ? [one, other] : [other, one];
            const isBelow = lower.y - lower.size * 0.73 >= upper.y;
            expect(isBeside || isBelow, `${one.text} / ${other.text}`).toBe(true);
          }
        }
      }
    });
  }

  test("escapes whatever a name holds", () => {
    const svg = cardSvg(longCard(`<image href="x"/>&"'`), "wide", () => null);
    expect(svg).not.toContain("<image");
    expect(svg).toContain("&#60;image href=&#34;x&#34;/&#62;&#38;&#34;");
  });

  test("shows a flag where there is one, else a badge", () => {
    expect(cardSvg(plain, "wide", () => "<svg/>").match(/<image /g)).toHaveLength(2);
    expect(cardSvg(plain, "wide", () => null)).not.toContain("<image ");
  });

  test("is the same text for the same card", () => {
    const draw = () => cardSvg(longCard(NAMES[0]!), "square", () => "<svg/>");
    expect(draw()).toBe(draw());
  });
});
