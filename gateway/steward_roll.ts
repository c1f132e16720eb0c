/**
 * Which users are moderators or operators, for judging what is done to them.
 *
 * What a role is a token says, and only of who shows it. So whoever shows one
 * of a steward is noted for all gateways, and looked up when somebody would act
 * on that user; nobody else is written down.
 */
import type { CellStore } from "../actors/ports/cell.ts";
import type { Sender } from "../actors/room/room_delivery.ts";
import type { Clock } from "../runtime/clock.ts";
import { limits } from "../runtime/limits.ts";
import type { Actor } from "./auth/permissions.ts";

const RENEWED_EVERY_MS = limits.stewardKnownMs / 30;

export class StewardRoll {
  readonly #cells: Pick<CellStore, "get" | "put">;
  readonly #clock: Clock;
  /** Whom this gateway has noted, as what, and when. */
  readonly #noted = new Map<string, { role: string; at: number }>();

  constructor(cells: Pick<CellStore, "get" | "put">, clock: Clock) {
    this.#cells = cells;
    this.#clock = clock;
  }

  /** @throws {Failure} where the store is away. */
  async note({ subject, role }: Actor): Promise<void> {
    if (role !== "moderator" && role !== "operator") return;
    const now = this.#clock.monotonic();
    const noted = this.#noted.get(subject);
    if (noted?.role === role && now - noted.at < RENEWED_EVERY_MS) return;
    const bytes = new TextEncoder().encode(role);
    await this.#cells.put(cellOf(subject), bytes, { expireMs: limits.stewardKnownMs });
    this.#noted.set(subject, { role, at: now });
  }

  /** @throws {Failure} where the store is away. */
  async roleOf(user: string): Promise<Sender["role"]> {
    const cell = await this.#cells.get(cellOf(user));
    if (cell === null) return "fan";
    return new TextDecoder().decode(cell.bytes) === "operator" ? "operator" : "moderator";
  }
}

function cellOf(user: string): string {
  return `steward/${user}`;
}
