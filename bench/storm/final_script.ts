/**
 * The final that the storm plays: the bundled match in its order, cut into acts,
 * with what a storm needs besides.
 *
 * Besides are goals that a review takes back, so that the score stays the real
 * one and each phase has goal frames enough, and around each goal of the second
 * half eleven further facts within the same moment: possession, which is
 * volatile, and cards to people beside the pitch, a line of the timeline each.
 */
import { type BundledMatch, scheduledFact } from "../../feed/bundled_match.ts";
import type { Goal } from "../../protocol/mod.ts";
import { assert } from "../../runtime/failure.ts";

export const PROVIDER = "acme";

/** A goal frame is known by these: no two of the script are alike. */
export type GoalName = Pick<Goal, "kind" | "minute">;

export interface Told {
  fact: Record<string, unknown>;
  /** Of the frame that must follow. */
  goal: GoalName | null;
}

export interface FinalScript {
  /** Before anybody is there. */
  opening: Told[];
  /** To half-time. */
  quiet: Told[];
  burst: Told[];
  /** Up to the 107th minute's goal, which the review takes back, and the one of the 108th. */
  storm: Told[];
  /** The same of the 117th and 118th minute, to the end of extra time. */
  jitter: Told[];
  shootout: Told[];
}

/** Each act with its last fact. */
const ACTS = [
  ["opening", "x-away"],
  ["quiet", "h1-end"],
  ["burst", "e1-end"],
  ["storm", "g5"],
  ["jitter", "e2-end"],
  ["shootout", "ps-end"],
] as const;

/** After which fact something comes besides. */
const BESIDES: Record<string, (at: number) => Told[]> = {
  b30: (at) => goalTakenBack(at, { period: "firstHalf", minute: 30 }),
  e2: (at) => goalTakenBack(at, { period: "extraTimeSecond", minute: 107 }),
  s11: (at) => goalTakenBack(at, { period: "extraTimeSecond", minute: 117 }),
};

/** @param kickoffAt milliseconds since 1970 */
export function finalScript(match: BundledMatch, kickoffAt: number): FinalScript {
  const script: FinalScript = {
    ...{ opening: [], quiet: [], burst: [], storm: [], jitter: [], shootout: [] },
  };
  const fixture = { ...scheduledFact(match.scheduled, kickoffAt - 4_000_000), kickoffAt };
  script.opening.push({ fact: fixture, goal: null });
  let act = 0;
  for (const { at, value } of match.facts) {
    const [name, last] = ACTS[act]!;
    const occurredAt = kickoffAt + at * 1_000;
    const goal = value.type === "goal.scored"
      ? { kind: "scored", minute: value.minute as number } as const
      : null;
    script[name].push({ fact: { ...value, occurredAt }, goal });
    script[name].push(...BESIDES[value.id as string]?.(occurredAt) ?? []);
    if (value.id === last) act += 1;
  }
  assert(act === ACTS.length, "every act has its last fact");
  return script;
}

/** What comes with a goal of the second half: with the goal itself twelve facts. */
export function burstAround({ fact }: Told): Told[] {
  return Array.from({ length: 11 }, (_, at) => ({
    fact: {
      ...{ revision: 1, id: `burst-${fact.id}-${at}`, occurredAt: fact.occurredAt },
      ...at % 2 === 0 ? possession(at) : cardToTheBench(`${fact.id}-${at}`, fact),
    },
    goal: null,
  }));
}

function possession(at: number) {
  return { type: "possession.measured", home: 50 + at, away: 50 - at };
}

function cardToTheBench(id: string, { period, minute }: Record<string, unknown>) {
  const player = { id: `bench-${id}`, name: `Somebody ${id}` };
  const side = "home";
  return { type: "card.shown", card: "yellow", onPitch: false, side, player, period, minute };
}

/** A goal, its review, and that it was none. */
function goalTakenBack(at: number, when: { period: string; minute: number }): Told[] {
  const { minute } = when;
  const id = `taken-back-${minute}`;
  const [target, review] = [ownRef(id), ownRef(`review-${minute}`)];
  const told = (seconds: number, fact: object, kind: GoalName["kind"] | null): Told => ({
    fact: { revision: 1, occurredAt: at + seconds * 1_000, ...fact },
    goal: kind === null ? null : { kind, minute },
  });
  const scored = { type: "goal.scored", side: "home", method: "open", ...when };
  const opened = { type: "review.opened", reason: "goal", target };
  const annulled = { type: "goal.annulled", reason: "offside", target };
  const closed = { type: "review.closed", outcome: "goalAnnulled", review };
  return [
    told(1, { id, ...scored }, "scored"),
    told(2, { id: review.id, ...opened }, null),
    told(3, { id: `annulled-${minute}`, ...annulled }, "annulled"),
    told(4, { id: `closed-${minute}`, ...closed }, null),
  ];
}

function ownRef(id: string) {
  return { provider: PROVIDER, id };
}
