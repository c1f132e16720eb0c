/**
 * Signs the heads of all audit chains while this process owns the global log:
 * once a minute, or sooner where much was done.
 *
 * Each signature is said to the log of the process too, so whoever keeps that
 * elsewhere can hold the database to it.
 */
import { partitionOf } from "../actors/ports/partition.ts";
import { GLOBAL_LOG } from "../actors/moderation/global_log_entry.ts";
import type { AuditSeals } from "../db/sql/audit_seals.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { type Clock, every, type Timer } from "../runtime/clock.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";

export interface AuditSealingPorts {
  seals: Pick<AuditSeals, "unsealed" | "seal">;
  clock: Clock;
  events: BusinessEvents;
  /** The owner's token. */
  fence: number;
}

export class AuditSealing {
  readonly #ports: AuditSealingPorts;
  readonly #timer: Timer;
  #sealedAt: number;

  constructor(ports: AuditSealingPorts) {
    this.#ports = ports;
    this.#sealedAt = ports.clock.monotonic();
    this.#timer = every(ports.clock, limits.auditSealLookMs, () => this.#look());
  }

  stop(): void {
    this.#timer.cancel();
  }

  async #look(): Promise<void> {
    const { seals, clock, events, fence } = this.#ports;
    try {
      const rows = await seals.unsealed();
      const isDue = clock.monotonic() - this.#sealedAt >= limits.auditSealMs;
      if (rows === 0 || (rows < limits.auditSealRows && !isDue)) return;
      const seal = await seals.seal(partitionOf(GLOBAL_LOG), fence, clock.now());
      this.#sealedAt = clock.monotonic();
      if (seal !== null) events.auditSealed(seal.number, seal.signature);
    } catch (error) {
      // A database that is away is told of by others; what waits is sealed with the next.
      if (error instanceof Failure && error.retryable) return;
      events.warned(`Cannot seal the audit: ${reasonOf(error)}`);
    }
  }
}
