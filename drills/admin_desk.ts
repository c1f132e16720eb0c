/**
 * An operator at the admin listener of a drilled server.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SupervisedLine } from "./history_checker.ts";

export interface Parked {
  id: string;
  reason: string;
}

export interface DeadLetter {
  id: string;
  actor: string;
  reason: string;
}

export interface SettlementStop {
  match: string;
  /** beforeCommit, afterCommit or afterRanks. */
  moment: string;
  /** Chunks that pass before. */
  chunks: number;
}

/** As `/api/ops/owners` lists it. */
export interface OwnedMatch {
  id: string;
  state: string;
  partition: number;
  token: number | null;
}

export class AdminDesk {
  readonly #address: string;
  readonly #headers: Record<string, string>;

  constructor(adminAddress: string, dataFolder: string) {
    this.#address = adminAddress;
    const token = readFileSync(join(dataFolder, "operator.token"), "utf8").trim();
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async supervisors(): Promise<SupervisedLine[]> {
    return (await this.#get("supervisors")).supervisors as SupervisedLine[];
  }

  async parked(): Promise<Parked[]> {
    return (await this.#get("parked")).parked as Parked[];
  }

  /** The matches that are awake there, by their own ids. */
  async owners(): Promise<OwnedMatch[]> {
    const owners = (await this.#get("owners")).owners as OwnedMatch[];
    return owners.map((owner) => ({ ...owner, id: owner.id.slice("match/".length) }));
  }

  async ownedPartitions(): Promise<number> {
    return Number(/^golazo_owned_partitions (\d+)$/m.exec(await this.#metrics())?.[1]);
  }

  /** How many writes of that process each store refused for an old fence, by store. */
  async fencedWrites(): Promise<Record<string, number>> {
    const lines = (await this.#metrics())
      .matchAll(/^golazo_fenced_refused_total\{store="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...lines].map(([, store, count]) => [store, Number(count)]));
  }

  /** Entries that SQL has not confirmed to that process. */
  async rowsBehind(): Promise<number> {
    return Number(/^golazo_ledger_behind (\d+)$/m.exec(await this.#metrics())?.[1]);
  }

  /** What it says of itself: ok, degraded, failed. */
  async ready(): Promise<string> {
    const { status } = await (await fetch(`${this.#address}/readyz`)).json();
    return status;
  }

  async deadLetters(): Promise<DeadLetter[]> {
    return (await this.#get("dead-letters")).deadLetters as DeadLetter[];
  }

  /** How often the server's hook has made a transition throw. */
  async injectedFaults(): Promise<number> {
    return (await this.#get("faults")).injected as number;
  }

  /** Makes the transitions of one match throw; null: of none. */
  crashMatch(crashMatch: string | null): Promise<number> {
    return this.#post("faults", JSON.stringify({ crashMatch }));
  }

  /** Has the settlement of a match stand still at a moment of a chunk; null: go on. */
  async stopSettlement(settlement: SettlementStop | null): Promise<void> {
    await this.#post("faults", JSON.stringify({ settlement }));
  }

  async isSettlementStopped(): Promise<boolean> {
    return (await this.#get("faults")).settlementStopped as boolean;
  }

  /** Answers the HTTP status, as do those below and above. */
  unpark(id: string): Promise<number> {
    return this.#post(`parked/${encodeURIComponent(id)}/unpark`);
  }

  replay(letterId: string): Promise<number> {
    return this.#post(`dead-letters/${letterId}/replay`);
  }

  async #metrics(): Promise<string> {
    return await (await fetch(`${this.#address}/metrics`)).text();
  }

  async #get(path: string): Promise<Record<string, unknown>> {
    const reply = await fetch(`${this.#address}/api/ops/${path}`, { headers: this.#headers });
    if (!reply.ok) throw new Error(`Cannot read /api/ops/${path}: HTTP status ${reply.status}`);
    return await reply.json();
  }

  async #post(path: string, body?: string): Promise<number> {
    const url = `${this.#address}/api/ops/${path}`;
    const reply = await fetch(url, { method: "POST", headers: this.#headers, body });
    await reply.body?.cancel();
    return reply.status;
  }
}
