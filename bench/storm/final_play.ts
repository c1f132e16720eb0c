/**
 * How the final is played: who is told what, and what happens to the fans
 * meanwhile, act by act.
 *
 * Facts are posted when they are due, answered or not. What a return costs is
 * taken at half-time, when nothing else happens.
 */
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { printError } from "../../runtime/platform.ts";
import { type Provider, WebhookConnection } from "../webhook_connection.ts";
import type { ColdOpens, Opened } from "./cold_opens.ts";
import { burstAround, type FinalScript, type GoalName, type Told } from "./final_script.ts";
import type { Stadium } from "./stadium.ts";
import type { Returned, Stands } from "./stands.ts";

/** Between two facts, and before and after a goal, so that each is seen by itself. */
const FACT_MS = 60;
const GOAL_MS = 600;
/** People open the app for so long after a goal. */
const OPEN_MS = 1_000;
/** What a return leaves to do, such as the ends of the old sockets, is done by then. */
const AFTER_RETURN_MS = 1_000;
/** From the cut to the fact that those who come back meet, and between two of those. */
const CUT_OFF_MS = 20;
const KICK_MS = 300;

export interface FinalPlayOptions {
  match: string;
  stadium: Stadium;
  stands: Stands;
  opens: ColdOpens;
  provider: Provider;
}

/** What a return costs when nothing else happens, each. */
export interface ReturnCost extends Returned {
  handshakesPerCpuS: number;
  redisEach: number;
  sqlEach: number;
}

/** What goes on while a goal falls. */
export type Weather = "quiet" | "burst" | "storm";

export class FinalPlay {
  /** When the fact behind each goal frame was written. */
  readonly goals: Record<Weather, [goal: GoalName, writtenAt: number][]> = {
    ...{ quiet: [], burst: [], storm: [] },
  };
  readonly returned: Returned[] = [];
  readonly opened: Opened[] = [];
  readonly #options: FinalPlayOptions;
  readonly #replies: Promise<void>[] = [];
  #feed: WebhookConnection | null = null;
  #posted = 0;

  constructor(options: FinalPlayOptions) {
    this.#options = options;
  }

  async opening({ opening }: FinalScript): Promise<void> {
    await this.#openFeed();
    for (const told of opening) await this.#tell(told);
  }

  async quiet({ quiet }: FinalScript): Promise<void> {
    for (const told of quiet) await this.#inTurn(told);
  }

  /** At each goal, in its midst, people open the app. */
  async burst({ burst }: FinalScript): Promise<void> {
    for (const told of burst) {
      if (told.goal === null) {
        await this.#inTurn(told);
        continue;
      }
      const around = burstAround(told);
      await pause(systemClock, GOAL_MS);
      const opening = this.#openTheApp(OPEN_MS);
      for (const before of around.slice(0, 6)) void this.#tell(before);
      void this.#tell(told, "burst");
      for (const after of around.slice(6)) void this.#tell(after);
      await opening;
    }
  }

  /** Nothing happens but that fans are cut off, so many times, and come back at once. */
  async halfTime(times: number): Promise<ReturnCost[]> {
    const costs: ReturnCost[] = [];
    for (let time = 0; time < times; time++) costs.push(await this.#costOfReturn());
    // The server does not keep a connection that was idle for so long.
    await this.#openFeed();
    return costs;
  }

  /** A review at which fans are cut off and come back over so much time, goals meanwhile. */
  async storm(told: Told[], overMs: number): Promise<void> {
    const opened = told.findIndex(({ fact }) => fact.type === "review.opened");
    for (const before of told.slice(0, opened + 1)) await this.#inTurn(before);
    await pause(systemClock, GOAL_MS);
    const returning = this.#cut(overMs);
    const opening = this.#openTheApp(Math.max(OPEN_MS, overMs));
    let isStormy = true;
    for (const next of told.slice(opened + 1)) {
      if (!isStormy) {
        await this.#inTurn(next);
        continue;
      }
      await pause(systemClock, CUT_OFF_MS + overMs / 4);
      void this.#tell(next, "storm");
      if (next.goal?.kind !== "scored") continue;
      isStormy = false;
      await Promise.all([returning, opening]);
    }
  }

  /** A storm and one publication after the other. */
  async shootout({ shootout }: FinalScript): Promise<void> {
    const opening = this.#openTheApp(shootout.length * KICK_MS);
    const returning = this.#cut(0);
    for (const told of shootout) {
      await pause(systemClock, KICK_MS);
      void this.#tell(told);
    }
    await Promise.all([opening, returning]);
  }

  /** Everything that was told was taken. @throws {Failure} `factRefused` */
  async taken(): Promise<void> {
    await Promise.all(this.#replies);
  }

  close(): void {
    this.#feed?.close();
  }

  async #openFeed(): Promise<void> {
    const { stadium, provider } = this.#options;
    this.close();
    this.#feed = await WebhookConnection.open(stadium.ports[0]!, provider);
  }

  async #inTurn(told: Told): Promise<void> {
    await pause(systemClock, told.goal === null ? FACT_MS : GOAL_MS);
    void this.#tell(told, "quiet");
    if (told.goal !== null) await pause(systemClock, GOAL_MS);
  }

  async #costOfReturn(): Promise<ReturnCost> {
    const { stadium } = this.#options;
    await pause(systemClock, AFTER_RETURN_MS);
    const [beganAt, cpuBefore, before] = [
      systemClock.monotonic(),
      stadium.cpuMs(),
      await stadium.storeWork(),
    ];
    const returned = await this.#cut(0);
    const cpuS = (stadium.cpuMs() - cpuBefore) / 1_000;
    await pause(systemClock, AFTER_RETURN_MS);
    const after = await stadium.storeWork();
    // As long once more without anybody who returns.
    await pause(systemClock, systemClock.monotonic() - beganAt);
    const idle = await stadium.storeWork();
    const each = (of: keyof typeof idle) =>
      Math.max(0, (after[of] - before[of]) - (idle[of] - after[of])) / returned.fans;
    return {
      ...returned,
      handshakesPerCpuS: returned.fans / cpuS,
      redisEach: each("redisCommands"),
      sqlEach: each("sqlStatements"),
    };
  }

  async #cut(overMs: number): Promise<Returned> {
    const returned = await this.#options.stands.cut(overMs);
    const { fans, ms, refused } = returned;
    const how = overMs === 0 ? "at once" : `spread over ${overMs} ms`;
    printError(
      `${fans} cut off and back ${how}: ${ms.toFixed(0)} ms, sent away ${refused} times`,
    );
    this.returned.push(returned);
    return returned;
  }

  async #openTheApp(ms: number): Promise<void> {
    const { match, opens, stadium } = this.#options;
    const opened = await opens.open(stadium.ports, `/api/matches/${match}`, ms);
    printError(
      `the app opened ${opened.served} times in ${opened.ms.toFixed(0)} ms, ` +
        `${opened.failed} times in vain`,
    );
    this.opened.push(opened);
  }

  /** Resolves once it is taken, which need not be waited for. */
  #tell({ fact, goal }: Told, weather: Weather = "quiet"): Promise<void> {
    const { match } = this.#options;
    const { writtenAt, reply } = this.#feed!.post(`storm-${this.#posted += 1}`, {
      match,
      facts: [fact],
    });
    if (goal !== null) this.goals[weather].push([goal, writtenAt]);
    const taken = reply.then(({ status, body }) => {
      // An owner that was slow is asked again, and may say that it has the fact already.
      const outcome = status === 200 ? JSON.parse(body).facts[0].outcome : "refused";
      if (outcome === "accepted" || outcome === "duplicate") return;
      const reason = `Cannot tell ${fact.id} of the final: the server said ${status} ${body}`;
      throw new Failure("factRefused", reason);
    });
    // Heard at the end, once everything is told.
    taken.catch(() => {});
    this.#replies.push(taken);
    return taken;
  }
}
