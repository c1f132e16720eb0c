/**
 * The ways of a cluster's members to their stores, each through a fault proxy of
 * its own, so that one member's network can be bad and its neighbour's good.
 */
import type { StoreUrls } from "./cluster_group.ts";
import { type Fault, type FaultKind, FaultProxy } from "./fault_proxy.ts";
import type { SeededRandom } from "./seeded_random.ts";

export type Store = "redis" | "sql";

export class ClusterLinks {
  readonly #random: SeededRandom;
  /** By `<member> <store>`. */
  readonly #proxies = new Map<string, FaultProxy>();

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Addresses for a member; the same when it is started again. */
  async settingsOf(member: string, stores: StoreUrls): Promise<Record<string, string>> {
    return {
      REDIS_URL: await this.#through(`${member} redis`, stores.redisUrl),
      DATABASE_URL: await this.#through(`${member} sql`, stores.databaseUrl),
    };
  }

  inject(members: readonly string[], store: Store, faults: Fault[]): void {
    for (const proxy of this.#of(members, store)) proxy.inject(...faults);
  }

  heal(members: readonly string[], store: Store): void {
    for (const proxy of this.#of(members, store)) proxy.heal();
  }

  /** How often faults of that kind met anything on these ways. */
  count(members: readonly string[], store: Store, kind: FaultKind): number {
    return this.#of(members, store).reduce((sum, { counts }) => sum + counts[kind], 0);
  }

  stop(): void {
    for (const proxy of this.#proxies.values()) proxy.stop();
  }

  #of(members: readonly string[], store: Store): FaultProxy[] {
    return members.map((member) => this.#proxies.get(`${member} ${store}`)!);
  }

  async #through(name: string, address: string): Promise<string> {
    const url = new URL(address);
    let proxy = this.#proxies.get(name);
    if (proxy === undefined) {
      const target = { host: url.hostname, port: Number(url.port) };
      proxy = await FaultProxy.start(target, this.#random);
      this.#proxies.set(name, proxy);
    }
    url.port = `${proxy.port}`;
    return url.href;
  }
}
