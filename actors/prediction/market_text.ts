/**
 * The rules of each market in the words that fans read beside it.
 *
 * Settled by what is written here and by nothing else, so the words have the
 * version of the points and change with it. Sources: bookmakers' house rules
 * for 90 minutes, own goals, retaken penalties, abandoned and awarded matches.
 */
import { assert } from "../../runtime/failure.ts";
import { type Market, PICKED_GOALS_MAX } from "./market.ts";
import { type PointsTable, pointsTable } from "./points_table.ts";

export interface MarketText {
  title: string;
  /** Sentences, the points last. */
  rules: string[];
}

const REGULATION = "The 90 minutes and added time count; extra time and the shootout do not.";
const DECISIONS = "A goal that the referee takes back does not count, whenever that is decided; " +
  "of a penalty that is taken again the last one counts.";
const NOT_PLAYED =
  "Cancelled or abandoned before the 90 minutes are over: void. Decided at a desk " +
  "after the final whistle: the result on the pitch stands; never kicked off: void.";
const LOCK =
  "Open until the scheduled kick-off, or the real one where that is earlier; a pick that " +
  "was taken after it is void. A new date opens it again.";

const TEXTS: Record<number, Record<Market, MarketText>> = {
  1: {
    finalScore: {
      title: "Final score",
      rules: [
        `Goals of each side, 0 to ${PICKED_GOALS_MAX}.`,
        REGULATION,
        DECISIONS,
        NOT_PLAYED,
        LOCK,
      ],
    },
    firstScorer: {
      title: "First goal scorer",
      rules: [
        "Who scores the first goal that is no own goal: an own goal never has a scorer here, the " +
        "next goal counts. No such goal: nobody.",
        REGULATION,
        DECISIONS,
        "A player who does not play, or comes on after that goal: void.",
        "Abandoned, cancelled or awarded: stands if that goal was scored, else void.",
        "Where the scorer is corrected later, the points are too.",
        LOCK,
      ],
    },
    possession: {
      title: "Possession",
      rules: [
        "The home side's share of the ball in percent, as the match's data provider gives it at " +
        "the end of the 90 minutes and added time: rounded to whole percent by the provider, " +
        "home and away make 100, so level is 50.",
        "Providers measure by time or by passes and differ by a few percent; none but this one " +
        "counts. Without a figure: void.",
        NOT_PLAYED,
        LOCK,
      ],
    },
    matchWinner: {
      title: "Match winner",
      rules: [
        "Who has won this match, or a draw; of two legs this one alone counts.",
        REGULATION,
        DECISIONS,
        NOT_PLAYED,
        LOCK,
      ],
    },
    toQualify: {
      title: "To qualify",
      rules: [
        "Who goes through or wins the cup: extra time, the shootout and the first leg count.",
        DECISIONS,
        "Cancelled, abandoned or awarded before that is decided on the pitch: void.",
        LOCK,
      ],
    },
  },
};

export function marketText(market: Market, version: number): MarketText {
  const texts = TEXTS[version];
  assert(texts !== undefined, `rules have a version that exists: found ${version}`);
  const { title, rules } = texts[market];
  return { title, rules: [...rules, pointsText(market, pointsTable(version))] };
}

function pointsText(market: Market, table: PointsTable): string {
  switch (market) {
    case "finalScore": {
      const { exact, difference, winner } = table.finalScore;
      return `Points: the score ${exact}, its goal difference ${difference}, who wins ${winner}.`;
    }
    case "firstScorer":
      return `Points: the player ${table.firstScorer.player}, nobody ${table.firstScorer.nobody}.`;
    case "possession": {
      const steps = table.possession.map(({ within, points }) =>
        within === 0 ? `exactly ${points}` : `within ${within} percent ${points}`
      );
      return `Points: ${steps.join(", ")}.`;
    }
    case "matchWinner":
    case "toQualify":
      return `Points: ${table[market].right}.`;
  }
}
