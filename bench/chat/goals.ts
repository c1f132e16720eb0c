/**
 * A match with a goal now and then, told by signed webhooks as a provider does,
 * and how long each took to whoever follows it. Goals may lie further apart than a
 * server keeps an idle connection, so each has a connection of its own.
 */
import { matchChannel } from "../../protocol/mod.ts";
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import type { Fans } from "../fans.ts";
import { percentile } from "../figure.ts";
import { type Provider, WebhookConnection } from "../webhook_connection.ts";

const MATCH = "chat-and-goals";
const HALF_MS = 45 * 60_000;
/** A delivery that takes longer never came. */
const TIME_OUT_MS = 10_000;

export class Goals {
  readonly channel = matchChannel(MATCH);
  readonly #port: number;
  readonly #provider: Provider;
  readonly #kickoffAt = systemClock.now() - HALF_MS;
  #minute = 0;

  private constructor(port: number, provider: Provider) {
    this.#port = port;
    this.#provider = provider;
  }

  static async open(port: number, provider: Provider): Promise<Goals> {
    const goals = new Goals(port, provider);
    const fixture = await goals.#tell("fixture", 0, {
      ...{ type: "match.scheduled", competition: "Bench League", stage: "" },
      ...{ kickoffAt: goals.#kickoffAt, format: { kind: "league" } },
      ...{ home: { id: "home", name: "Home" }, away: { id: "away", name: "Away" } },
    });
    await fixture.taken;
    const start = { type: "period.started", period: "firstHalf" };
    await (await goals.#tell("kick-off", 0, start)).taken;
    return goals;
  }

  /** One after another. @returns the 99th of a hundred deliveries, in ms. */
  async score(fans: Fans, viewers: number, count: number, everyMs: number): Promise<number> {
    const writtenAt = new Map<number, number>();
    const { offsetMs } = await fans.readClock();
    for (let goal = 0; goal < count; goal++) {
      const minute = this.#minute += 1;
      const fact = { type: "goal.scored", side: "home", method: "open", period: "firstHalf" };
      const told = await this.#tell(`goal-${minute}`, minute, { ...fact, minute });
      writtenAt.set(minute, told.writtenAt + offsetMs);
      await Promise.all([told.taken, pause(systemClock, everyMs)]);
    }
    const found = await fans.goals();
    const times = [...writtenAt].flatMap(([minute, at]) => {
      const parsedAt = found.find((goal) => goal.minute === minute)?.parsedAt ?? [];
      const lost = Array<number>(Math.max(0, viewers - parsedAt.length)).fill(TIME_OUT_MS);
      return [...parsedAt.map((parsed) => parsed - at), ...lost];
    });
    return percentile(Float64Array.from(times).sort(), 99);
  }

  async #tell(
    id: string,
    minute: number,
    fact: object,
  ): Promise<{ writtenAt: number; taken: Promise<void> }> {
    const feed = await WebhookConnection.open(this.#port, this.#provider);
    const occurredAt = this.#kickoffAt + minute * 60_000;
    const facts = [{ id, revision: 1, occurredAt, ...fact }];
    const { writtenAt, reply } = feed.post(id, { match: MATCH, facts });
    const taken = reply.then(({ status, body }) => {
      feed.close();
      // A duplicate: its owner was asked twice, as it took long to answer.
      if (status === 200 && /"(accepted|duplicate)"/.test(body)) return;
      throw new Failure("notTaken", `Cannot go on as ${id} was not taken: found ${body}`);
    });
    return { writtenAt, taken };
  }
}
