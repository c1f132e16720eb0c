/**
 * The matches of a cluster's drill, whoever tells them, and two fans of them
 * all, one at each gateway.
 *
 * Provider and fans are outside: they know the gateways' addresses and nothing
 * of who owns what. A day that is over keeps its evidence for the history checker.
 */
import type { ClusterGroup } from "./cluster_group.ts";
import { countIntake } from "./cluster_history.ts";
import { checkHistory, type Findings, type SupervisedLine } from "./history_checker.ts";
import { PlausibleMatch } from "./plausible_match.ts";
import type { SeededRandom } from "./seeded_random.ts";
import type { StoredHistory, StoredLedgers } from "./stored_history.ts";
import { Subscriber } from "./subscriber.ts";
import { until } from "./until.ts";
import { type PostedFact, type PostOptions, WebhookSource } from "./webhook_source.ts";

const MATCHES = 10;
const LEVEL_MS_MAX = 10_000;

export class Matchday {
  readonly source: WebhookSource;
  readonly fans: Subscriber[];
  /** Ledgers as they were just before a store lost what it held. */
  readonly beforeDamage: StoredLedgers[] = [];
  readonly #cluster: ClusterGroup;
  readonly #matches: Map<string, PlausibleMatch>;
  #newcomer: Subscriber | null = null;
  #posts = 0;
  #told = 0;

  private constructor(cluster: ClusterGroup, matches: PlausibleMatch[]) {
    this.#cluster = cluster;
    this.#matches = new Map(matches.map((match) => [match.id, match]));
    this.source = new WebhookSource(() => this.#gateway(this.#posts++));
    this.fans = [0, 1].map((at) => this.#subscribe(`fan-${at + 1}`, at));
  }

  /** Resolves when every match is there and both fans hear of it. */
  static async open(cluster: ClusterGroup, name: string, random: SeededRandom): Promise<Matchday> {
    const matches = Array.from(
      { length: MATCHES },
      (_, at) => new PlausibleMatch(`${name}-match-${at + 1}`, random),
    );
    const day = new Matchday(cluster, matches);
    for (const match of matches) {
      const [{ answer }] = await day.source.post(match.id, [match.fixture()], {
        resendForMs: LEVEL_MS_MAX,
      }) as [PostedFact];
      if (answer === "refused") throw new Error(`Cannot begin ${match.id}: it was refused`);
    }
    await until("both fans are subscribed", () => day.fans.every((fan) => fan.isSubscribed));
    return day;
  }

  get ids(): string[] {
    return [...this.#matches.keys()];
  }

  /** The next fact of one of the matches, in turn. */
  tell(ids: readonly string[], options: PostOptions = {}): Promise<PostedFact[]> {
    const match = this.#matches.get(ids[this.#told++ % ids.length]!)!;
    return this.source.post(match.id, [match.next()], options);
  }

  /** The same many times at once. */
  burst(ids: readonly string[], facts: number, options: PostOptions = {}): void {
    for (let fact = 0; fact < facts; fact++) void this.tell(ids, options);
  }

  /** Waits until all is decided and everybody has heard it, as far as that comes to be. */
  async close(): Promise<void> {
    // One that is still played would be noted as silent after a minute.
    for (const match of this.#matches.values()) {
      const facts = match.ending();
      if (facts.length > 0) void this.source.post(match.id, facts, { resendForMs: LEVEL_MS_MAX });
    }
    await this.source.settled();
    const isDecided = async () => await countIntake(this.#cluster.redisUrl) === 0;
    await until("the intake is empty", isDecided, LEVEL_MS_MAX);
    const newcomer = this.#newcomer = this.#subscribe("newcomer", 0);
    await until("a newcomer is subscribed", () => newcomer.isSubscribed);
    // Where a fan never gets there, the checker says what it sees instead.
    const isLevel = () => this.fans.every((fan) => fan.isLevelWith(newcomer));
    await until("the fans are there too", isLevel, LEVEL_MS_MAX).catch(() => {});
    this.end();
  }

  end(): void {
    for (const client of [...this.fans, ...this.#newcomer ? [this.#newcomer] : []]) client.close();
  }

  check(stored: StoredHistory, supervisors: SupervisedLine[]): Findings {
    const ofThisDay = (ledgers: StoredLedgers) =>
      new Map([...ledgers].filter(([match]) => this.#matches.has(match)));
    return checkHistory({
      stored: { ledger: ofThisDay(stored.ledger), sql: ofThisDay(stored.sql) },
      posted: this.source.posted,
      clients: this.fans,
      newcomer: this.#newcomer!,
      supervisors,
      beforeDamage: this.beforeDamage,
    });
  }

  #gateway(at: number): string {
    const gateways = this.#cluster.of("gateway");
    return gateways[at % gateways.length]!.server.address;
  }

  #subscribe(name: string, gateway: number): Subscriber {
    const channels = this.ids.map((id) => `match:${id}`);
    return new Subscriber({ name, address: () => this.#gateway(gateway), channels });
  }
}
