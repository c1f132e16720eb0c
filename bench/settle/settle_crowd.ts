/**
 * The fans of a settlement: one final-score prediction each, of a 2-1 in which
 * half of them score, drawn by a seed; and where each of them stands afterwards.
 */
import { SeededRandom } from "../../drills/seeded_random.ts";

export const RESULT = "2-1";
/** Share of the fans, what they pick, and its points by the rules of version 1. */
const SHARES: { upTo: number; picks: string[]; points: number }[] = [
  { upTo: 0.1, picks: ["2-1"], points: 5 },
  { upTo: 0.25, picks: ["1-0", "3-2", "4-3"], points: 3 },
  { upTo: 0.5, picks: ["2-0", "3-0", "3-1", "4-1", "5-2", "4-0"], points: 2 },
  { upTo: 1, picks: ["0-0", "1-1", "2-2", "0-1", "1-2", "0-2", "1-3", "0-3", "3-3"], points: 0 },
];

export interface SettleCrowd {
  /** By the fan's number. */
  picks: string[];
  points: Uint8Array;
  /** By points: 1 + fans who have more. */
  ranks: Map<number, number>;
}

export function settleCrowd(fans: number, seed: number): SettleCrowd {
  const random = new SeededRandom(seed);
  const points = new Uint8Array(fans);
  const picks = Array.from({ length: fans }, (_, fan) => {
    const drawn = random.next();
    const share = SHARES.find(({ upTo }) => drawn < upTo)!;
    points[fan] = share.points;
    return random.pick(share.picks);
  });
  const count = (worth: number) => points.reduce((sum, one) => sum + Number(one > worth), 0);
  const ranks = new Map([5, 3, 2].map((worth) => [worth, 1 + count(worth)]));
  return { picks, points, ranks };
}

/** As long as ids of sign-ins are, and in no order that a key could gain by. */
export function userOf(fan: number): string {
  return `u${(Math.imul(fan, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0")}-${fan}`;
}

/** Rows of predictions, some thousand a statement. */
export function* predictionInserts(match: string, picks: string[], at: number): Generator<string> {
  const rows = 5_000;
  for (let first = 0; first < picks.length; first += rows) {
    const values = picks.slice(first, first + rows).map((pick, index) => {
      const user = userOf(first + index);
      return `('${match}','${user}','finalScore','${pick}','${user}',${at})`;
    });
    yield "INSERT INTO prediction (match_id, user_id, market, pick, client_id, accepted_at) " +
      `VALUES ${values.join(",")}`;
  }
}
