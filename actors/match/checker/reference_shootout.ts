/**
 * Law 10 a second time: after each kick all kicks so far are counted again.
 *
 * One inequality serves the five kicks and the pairs after them: a side has won
 * when the other cannot reach it with the kicks that it has left, where both
 * have five, or as many as the side that has kicked more.
 */
import type { Score, Side } from "../match_event.ts";

export interface ReferenceKick extends Score {
  number: number;
  side: Side;
  scored: boolean;
}

export interface ReferenceShootout extends Score {
  kicks: ReferenceKick[];
  winner: Side | null;
}

/**
 * @param kicked standing kicks in the order of time; of one number the last counts
 * @param released kicks up to this number wait for none that is missing
 */
export function countShootout(
  kicked: { number: number; side: Side; scored: boolean }[],
  released: number,
): ReferenceShootout {
  const last = Math.max(0, ...kicked.map(({ number }) => number));
  const kicks: ReferenceKick[] = [];
  let winner: Side | null = null;
  for (let number = 1; number <= last && winner === null; number++) {
    const kick = kicked.findLast((other) => other.number === number);
    if (kick === undefined) continue;
    const expected = (kicks.at(-1)?.number ?? 0) + 1;
    if (number > expected && number > released) break;
    const { side, scored } = kick;
    const soFar = [...kicks, { number, side, scored }];
    const score = tally(soFar.filter((taken) => taken.scored));
    kicks.push({ number, side, scored, ...score });
    const taken = tally(soFar);
    // Five each, or as many as the side that has kicked more.
    const each = Math.max(5, taken.home, taken.away);
    if (score.home > score.away + each - taken.away) winner = "home";
    if (score.away > score.home + each - taken.home) winner = "away";
  }
  return { ...tally(kicks.filter(({ scored }) => scored)), kicks, winner };
}

function tally(facts: { side: Side }[]): Score {
  const of = (side: Side) => facts.filter((fact) => fact.side === side).length;
  return { home: of("home"), away: of("away") };
}
