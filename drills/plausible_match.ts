/**
 * A match that a feed might tell: goals, cards, substitutions, two halves, and
 * the corrections that real feeds make of all of it.
 *
 * Told with the future in mind: the source does not know which of its facts
 * were lost, so a correction may name one that the server never saw.
 */
import type { SeededRandom } from "./seeded_random.ts";
import type { SourceFact } from "./webhook_source.ts";

type Body = Omit<SourceFact, "id" | "revision" | "occurredAt">;

const KICKOFF_BEFORE_MS = 2 * 60 * 60_000;
const HALF_TIME_MS = 15 * 60_000;

export class PlausibleMatch {
  readonly id: string;
  readonly #random: SeededRandom;
  readonly #kickoffAt = Date.now() - KICKOFF_BEFORE_MS;
  #minute = 0;
  #told = 0;
  #coming: Body[] = [];
  #isOver = false;
  /** Ids of goals that count as far as the source knows. */
  readonly #goals: string[] = [];
  /** Ids of what may still be voided: cards, annulments, amendments. */
  readonly #voidable: string[] = [];

  constructor(id: string, random: SeededRandom) {
    this.id = id;
    this.#random = random;
  }

  fixture(): SourceFact {
    this.#coming.push({ type: "period.started", period: "firstHalf" });
    return this.#fact({
      type: "match.scheduled",
      competition: "Drill League",
      stage: "",
      kickoffAt: this.#kickoffAt,
      home: { id: "home", name: "Home" },
      away: { id: "away", name: "Away" },
      format: { kind: "league" },
    });
  }

  /** What the feed says next. */
  next(): SourceFact {
    this.#play();
    return this.#fact(this.#coming.shift() ?? this.#incident());
  }

  /** What is left to say until the final whistle, from wherever it is. */
  ending(): SourceFact[] {
    if (!this.#isOver) {
      this.#minute = 90;
      this.#isOver = true;
      this.#coming.push({ type: "period.ended", period: "secondHalf" });
    }
    return this.#coming.splice(0).map((body) => this.#fact(body));
  }

  #play(): void {
    const before = this.#minute;
    if (before < 90) this.#minute = Math.min(90, before + this.#random.whole(1, 4));
    const passed = (minute: number) => before < minute && this.#minute >= minute;
    if (passed(45)) {
      this.#minute = 46;
      this.#coming.push(
        { type: "period.ended", period: "firstHalf" },
        { type: "period.started", period: "secondHalf" },
      );
    } else if (passed(90)) {
      this.#isOver = true;
      this.#coming.push({ type: "period.ended", period: "secondHalf" });
    }
  }

  #incident(): Body {
    const chance = this.#random.next();
    if (this.#goals.length > 0 && chance < 0.2) return this.#correction();
    if (this.#voidable.length > 0 && chance < 0.28) {
      return { type: "event.voided", target: this.#voidable.pop()! };
    }
    if (chance < 0.33) {
      const home = this.#random.whole(30, 70);
      return { type: "possession.measured", home, away: 100 - home };
    }
    // After the whistle goals and cards are told late.
    const when = this.#isOver ? this.#random.whole(46, 90) : Math.max(1, this.#minute);
    const moment = { side: this.#side(), period: when > 45 ? "secondHalf" : "firstHalf" };
    const placed = { ...moment, minute: when, player: { name: `Player ${this.#told}` } };
    if (chance < 0.75) return { type: "goal.scored", method: "open", ...placed };
    if (chance < 0.9) return { type: "card.shown", card: "yellow", ...placed };
    const { player, ...noPlayer } = placed;
    return { type: "substitution.made", on: player, ...noPlayer };
  }

  #correction(): Body {
    const target = this.#random.pick(this.#goals);
    if (this.#random.chance(0.5)) {
      this.#goals.splice(this.#goals.indexOf(target), 1);
      return { type: "goal.annulled", target, reason: "offside" };
    }
    const changes = this.#random.chance(0.5)
      ? { side: this.#side() }
      : { player: { name: `Amended ${this.#told}` } };
    return { type: "event.amended", target, changes };
  }

  #side(): string {
    return this.#random.pick(["home", "away"]);
  }

  #fact(body: Body): SourceFact {
    const id = `${String(body.type).replace(".", "-")}-${++this.#told}`;
    if (body.type === "goal.scored") this.#goals.push(id);
    if (["card.shown", "goal.annulled", "event.amended"].includes(String(body.type))) {
      this.#voidable.push(id);
    }
    const pause = this.#minute > 45 ? HALF_TIME_MS : 0;
    const occurredAt = this.#kickoffAt + this.#minute * 60_000 + pause;
    return { ...body, id, revision: 1, occurredAt } as SourceFact;
  }
}
