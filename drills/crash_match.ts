/**
 * The drill of the crashing match: every transition of one match throws while
 * its neighbours are played.
 *
 * Six different facts crash it six times, which parks it; the first five become
 * dead letters. Held is that the neighbours notice nothing, that readers of the
 * parked match get its last state marked stale and its provider is told to come
 * back, and that afterwards every one of those facts counts exactly once.
 */
import { setTimeout as pause } from "node:timers/promises";
import { AdminDesk } from "./admin_desk.ts";
import { type Backoff, delayProblem, watchBackoff } from "./backoff_watch.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { checkHistory } from "./history_checker.ts";
import { Control } from "./control_server.ts";
import { Neighbours } from "./neighbours.ts";
import { opening } from "./opening.ts";
import { ProcessGroup, type ServerProcess } from "./process_group.ts";
import { SeededRandom } from "./seeded_random.ts";
import { readStoredHistory } from "./stored_history.ts";
import { Subscriber } from "./subscriber.ts";
import { until } from "./until.ts";
import { CHILD, goalsOf, VICTIM, Victim } from "./victim.ts";
import { type PostedFact, type SourceFact, WebhookSource } from "./webhook_source.ts";

/** One more than the crashes that a match survives within 30 s. */
const POISON_FACTS = 6;
const SETTLE_MS = 500;
const GAP_MS_MAX = 100;
/** Two servers never share a machine's stalls evenly. */
const MACHINE_SHARE = 2;
const RESEND_MS = 30_000;

export const crashMatch: Drill = {
  name: "crash_match",
  form: "embedded",
  faults: ["injected", "restarts", "parked", "dead_letters"],
  async run(seed, run) {
    const drill = new CrashMatch(new SeededRandom(seed * 1_000 + run));
    try {
      return await drill.run();
    } finally {
      drill.end();
    }
  },
};

class CrashMatch {
  readonly #random: SeededRandom;
  readonly #group = new ProcessGroup(WebhookSource.settings);
  readonly #source = new WebhookSource(() => this.#server.address);
  readonly #neighbours = new Neighbours(this.#source);
  readonly #all = [VICTIM, ...this.#neighbours.ids];
  readonly #control = new Control();
  readonly #clients: Subscriber[] = [];
  readonly #violations: string[] = [];
  readonly #counts = { injected: 0, restarts: 0, parked: 0, dead_letters: 0, replayed: 0 };
  #server!: ServerProcess;
  #desk!: AdminDesk;
  #victim!: Victim;
  #fan!: Subscriber;
  #goals = 0;
  #backoffs: Backoff[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  async run(): Promise<RunReport> {
    this.#server = await this.#group.start();
    this.#desk = new AdminDesk(this.#server.adminAddress, this.#group.dataFolder);
    this.#victim = new Victim(this.#server.address, this.#desk);
    for (const id of this.#all) {
      await this.#source.post(id, opening());
    }
    await this.#source.post(VICTIM, [this.#goal("first")]);
    this.#fan = await this.#subscribe("fan", this.#all);
    await this.#control.start();
    this.#neighbours.start();
    await pause(SETTLE_MS);
    const from = performance.now();
    const waiting = await this.#crashUntilParked();
    await this.#readWhileParked();
    await this.#unpark();
    await Promise.all(waiting);
    await this.#replayDeadLetters();
    const to = performance.now();
    this.#neighbours.stop();
    await this.#source.settled();
    const gap = this.#neighbours.longestGap(this.#fan, from, to);
    const controlGap = await this.#control.stop(from, to);
    // Where the machine holds up a server to which nothing is done, it holds up this one too.
    const gapMax = controlGap <= GAP_MS_MAX ? GAP_MS_MAX : controlGap * MACHINE_SHARE;
    this.#hold(gap <= gapMax, `a neighbour was silent for ${gap} ms of at most ${gapMax}`);
    return await this.#findings({ neighbour_gap_ms: gap, control_gap_ms: controlGap });
  }

  end(): void {
    this.#neighbours.stop();
    for (const client of this.#clients) client.close();
    this.#group.end();
    this.#control.end();
  }

  #hold(isTrue: boolean, otherwise: string): void {
    if (!isTrue) this.#violations.push(otherwise);
  }

  /** Gives it two seconds to come true. */
  async #holdSoon(isTrue: () => boolean, otherwise: string): Promise<void> {
    await until("it comes true", isTrue, 2_000).catch(() => this.#hold(false, otherwise));
  }

  #goal(id: string): SourceFact {
    this.#goals += 1;
    const side = this.#random.pick(["home", "away"]);
    const minute = this.#random.whole(1, 45);
    const moment = { period: "firstHalf", minute, occurredAt: Date.now() };
    return { id, revision: 1, type: "goal.scored", side, method: "open", ...moment };
  }

  async #subscribe(name: string, matches: string[]): Promise<Subscriber> {
    const channels = matches.map((id) => `match:${id}`);
    const client = new Subscriber({ name, address: () => this.#server.address, channels });
    this.#clients.push(client);
    await until(`${name} is subscribed`, () => client.isSubscribed);
    return client;
  }

  /** Answers the posts whose facts are still to be taken. */
  async #crashUntilParked(): Promise<Promise<PostedFact[]>[]> {
    await this.#desk.crashMatch(VICTIM);
    let isParked = false;
    const watching = watchBackoff(this.#desk, CHILD, () => isParked);
    for (let poison = 1; poison < POISON_FACTS; poison++) {
      const [posted] = await this.#source.post(VICTIM, [this.#goal(`poison-${poison}`)]);
      this.#hold(
        posted!.code === "deadLettered",
        `poison ${poison} was answered ${posted!.answer}, code ${posted!.code}`,
      );
    }
    const last = this.#source.post(VICTIM, [this.#goal("poison-last")], { resendForMs: RESEND_MS });
    await until(
      `${CHILD} is parked`,
      async () => (await this.#desk.parked()).some(({ id }) => id === CHILD),
    );
    isParked = true;
    this.#counts.parked += 1;
    this.#backoffs = await watching;
    const late = this.#source.post(VICTIM, [this.#goal("while-parked")], {
      resendForMs: RESEND_MS,
    });
    return [last, late];
  }

  async #readWhileParked(): Promise<void> {
    const line = await this.#victim.supervised();
    this.#counts.restarts += line.restartsTotal;
    this.#hold(line.state === "parked", `the supervisor calls ${CHILD} ${line.state}`);
    this.#hold(
      line.restartsTotal === POISON_FACTS - 1,
      `${CHILD} was restarted ${line.restartsTotal} times before it was parked`,
    );
    this.#violations.push(...this.#backoffs.flatMap((backoff, at) => delayProblem(backoff, at)));
    this.#hold(
      this.#backoffs.length === POISON_FACTS - 1,
      `${this.#backoffs.length} delays were seen before restarts`,
    );

    const page = await this.#victim.page();
    this.#hold(page.stale, "the page of a parked match is not marked stale");
    this.#hold(goalsOf(page) === 1, `the page of a parked match shows ${goalsOf(page)} goals of 1`);
    await this.#holdSoon(
      () => this.#victim.isStaleFor(this.#fan) === true,
      "a fan was not told that the match is stale",
    );
    const visitor = await this.#subscribe("visitor", [VICTIM]);
    const shown = visitor.log.find(({ frame }) => frame.subscribed?.channel === `match:${VICTIM}`);
    const state = shown?.frame.subscribed?.match?.state;
    this.#hold(state?.stale === true, "the snapshot of a parked match is not marked stale");
    visitor.close();

    const told = this.#source.posted.filter(({ fact }) =>
      ["poison-last", "while-parked"].includes(fact.id)
    );
    await until(
      "the provider is told to come back",
      () => told.every(({ replies: [first] }) => first),
    );
    for (const { fact, replies: [first] } of told) {
      this.#hold(
        first!.status === 503 && (first!.retryAfter ?? 0) > 0,
        `${fact.id} was answered ${first!.status}, Retry-After ${first!.retryAfter}`,
      );
    }
  }

  async #unpark(): Promise<void> {
    await this.#desk.crashMatch(null);
    this.#counts.injected = await this.#desk.injectedFaults();
    const status = await this.#desk.unpark(CHILD);
    this.#hold(status === 200, `unparking was answered ${status}`);
    await until("the page is not stale", async () => !(await this.#victim.page()).stale);
    await this.#holdSoon(
      () => this.#victim.isStaleFor(this.#fan) === false,
      "a fan was not told that the match goes on",
    );
  }

  async #replayDeadLetters(): Promise<void> {
    const letters = (await this.#desk.deadLetters()).filter(({ actor }) => actor === CHILD);
    this.#counts.dead_letters += letters.length;
    this.#hold(letters.length === POISON_FACTS - 1, `${letters.length} dead letters were kept`);
    for (const { id } of letters) {
      const before = goalsOf(await this.#victim.page());
      const first = await this.#desk.replay(id);
      const after = goalsOf(await this.#victim.page());
      const second = await this.#desk.replay(id);
      this.#hold(first === 200, `the replay of letter ${id} was answered ${first}`);
      this.#hold(after === before + 1, `its replay took the score from ${before} to ${after}`);
      this.#hold(second === 404, `the second replay of letter ${id} was answered ${second}`);
      this.#counts.replayed += 1;
    }
    const goals = goalsOf(await this.#victim.page());
    this.#hold(goals === this.#goals, `the victim shows ${goals} goals of ${this.#goals}`);
  }

  async #findings(times: Record<string, number>): Promise<RunReport> {
    const newcomer = await this.#subscribe("newcomer", this.#all);
    // Where the fan never gets there, the checker says what it sees instead.
    await until("the fan is there too", () => this.#fan.isLevelWith(newcomer), 3_000)
      .catch(() => {});
    const supervisors = await this.#desk.supervisors();
    for (const client of this.#clients) client.close();
    const { code } = await this.#group.stop(this.#server);
    this.#hold(code === 0, `the server ended with code ${code} on SIGTERM`);
    const stored = readStoredHistory(this.#group.dataFolder);
    const { violations, entries } = checkHistory({
      stored,
      posted: this.#source.posted,
      clients: [this.#fan],
      newcomer,
      supervisors,
      beforeDamage: [],
    });
    for (const { fact: { id } } of this.#source.posted.filter(({ match }) => match === VICTIM)) {
      const tellings = (stored.ledger.get(VICTIM) ?? []).filter(({ fact }) => fact.id === id);
      this.#hold(tellings.length === 1, `${id} is in the ledger ${tellings.length} times`);
    }
    return {
      violations: [...this.#violations, ...violations],
      times,
      counts: { ...this.#counts, entries },
      notes: { backoff_ms_at_most: this.#backoffs.map(({ delayMax }) => delayMax) },
    };
  }
}
