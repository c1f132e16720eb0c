/**
 * A cluster and the matchdays that are played on it, one after another, over
 * all runs of a drill.
 *
 * What is expensive to start is started once, and a later run finds what an
 * earlier one left.
 */
import { ClusterGroup } from "./cluster_group.ts";
import { judgeCluster } from "./cluster_verdict.ts";
import type { RunReport } from "./drill_run.ts";
import { Matchday } from "./matchday.ts";
import { SeededRandom } from "./seeded_random.ts";
import { WebhookSource } from "./webhook_source.ts";

export class ClusterSeason {
  readonly cluster: ClusterGroup;
  readonly #seed: number;
  readonly #days: Matchday[] = [];

  private constructor(cluster: ClusterGroup, seed: number) {
    this.cluster = cluster;
    this.#seed = seed;
  }

  static async start(seed: number): Promise<ClusterSeason> {
    return new ClusterSeason(await ClusterGroup.start(WebhookSource.settings), seed);
  }

  /** The day of that number, from 1; the one before is over when it begins. */
  async day(number: number): Promise<Matchday> {
    if (this.#days.length < number) {
      await this.#days.at(-1)?.close();
      const random = new SeededRandom(-this.#seed - 1_000 * number);
      this.#days.push(await Matchday.open(this.cluster, `day-${number}`, random));
    }
    return this.#days.at(-1)!;
  }

  async end(): Promise<RunReport> {
    try {
      await this.#days.at(-1)?.close();
      return await judgeCluster(this.cluster, this.#days);
    } finally {
      for (const day of this.#days) day.end();
      await this.cluster.end();
    }
  }
}
