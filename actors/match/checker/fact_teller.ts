/**
 * Facts for examples: each happens ten seconds after the one before it, unless
 * it says when, and is told by one provider.
 */
import type { MatchFormat } from "../../fixture/competition_rules.ts";
import type { FactBody, FactRef, MatchTime, Period, ProviderFact, Side } from "../match_event.ts";
import { KICKOFF_AT, PROVIDER, SECOND } from "./match_plan.ts";

type More = Partial<Pick<ProviderFact, "revision" | "occurredAt" | "provider">>;

export class FactTeller {
  #at = KICKOFF_AT;

  fact(id: string, body: FactBody, more: More = {}): ProviderFact {
    this.#at += 10 * SECOND;
    return { provider: PROVIDER, id, revision: 1, occurredAt: this.#at, ...body, ...more };
  }

  fixture(format: MatchFormat): ProviderFact {
    return this.fact("fixture", {
      type: "match.scheduled",
      competition: "Cup of the Checker",
      stage: "Round 1",
      kickoffAt: KICKOFF_AT,
      home: { id: "home", name: "Home" },
      away: { id: "away", name: "Away" },
      format,
    });
  }

  started(period: Period): ProviderFact {
    return this.fact(`${period}-start`, { type: "period.started", period });
  }

  ended(period: Period): ProviderFact {
    return this.fact(`${period}-end`, { type: "period.ended", period });
  }

  /** Started and ended, in this order. */
  played(...periods: Period[]): ProviderFact[] {
    return periods.flatMap((period) => [this.started(period), this.ended(period)]);
  }

  goal(id: string, side: Side, when: Partial<MatchTime> = {}, more: More = {}): ProviderFact {
    const time: MatchTime = { period: "firstHalf", minute: 20, ...when };
    return this.fact(id, { type: "goal.scored", side, method: "open", ...time }, more);
  }

  kick(number: number, side: Side, scored: boolean, id = `kick${number}`): ProviderFact {
    return this.fact(id, { type: "shootout.kicked", side, number, scored });
  }

  /** `1` scored, `0` missed; the home side begins. */
  kicks(pattern: string): ProviderFact[] {
    return [...pattern].map((mark, index) =>
      this.kick(index + 1, index % 2 === 0 ? "home" : "away", mark === "1")
    );
  }

  voided(id: string, target: string): ProviderFact {
    return this.fact(id, { type: "event.voided", target: ref(target) });
  }

  annulled(id: string, target: string, reason?: string): ProviderFact {
    return this.fact(id, { type: "goal.annulled", target: ref(target), ...(reason && { reason }) });
  }

  amended(id: string, target: string, changes: Record<string, unknown>): ProviderFact {
    return this.fact(id, { type: "event.amended", target: ref(target), changes });
  }

  retaken(id: string, target: string): ProviderFact {
    return this.fact(id, { type: "kick.retaken", target: ref(target) });
  }
}

export function ref(id: string): FactRef {
  return { provider: PROVIDER, id };
}
