/**
 * A worker that settles, on the real embedded stores under a clock that stands
 * still; boards are in memory, and can be lost, refused and looked at.
 */
import type { ProviderFact } from "../actors/match/match_event.ts";
import { MATCH_ID } from "../actors/match/match.testing.ts";
import type { Boards } from "../actors/ports/boards.ts";
import type { FactDelivery } from "../actors/ports/match_owners.ts";
import { unpackedChanges } from "../actors/ports/packed_changes.ts";
import type { Settlements } from "../actors/ports/settlements.ts";
import { matchStage } from "../channels/match_test_kit.ts";
import { SettlementSaid } from "../channels/settlement_said.ts";
import { MatchSignal } from "../channels/match_signal.ts";
import { VolatileVoice } from "../channels/volatile_voice.ts";
import { SettlementStore } from "../db/sql/settlement_store.ts";
import { temporarySql } from "../db/sql/temporary_sql.ts";
import type { BusinessEvents } from "../runtime/business_events.ts";
import { Failure } from "../runtime/failure.ts";
import { limits } from "../runtime/limits.ts";
import { settled } from "./boards_test_kit.ts";
import { SettlementSupervisor } from "./settlement_supervisor.ts";
import { steadyRandom } from "./supervisor_test_kit.ts";

export class BoardsInMemory implements Pick<Boards, "apply" | "changesMax"> {
  readonly changesMax = limits.leaderboardChangesMaxSqlite;
  readonly #totals = new Map<string, Map<string, number>>();
  readonly #keys = new Set<string>();
  /** Totals that anybody ever had on the match's own board. */
  readonly seen = new Map<string, Set<number>>();
  isAway = false;
  isRefusing = false;

  apply(shard: string, chunks: Parameters<Boards["apply"]>[1]): ReturnType<Boards["apply"]> {
    if (this.isAway) {
      return Promise.reject(new Failure("ownerUnavailable", "away", { retryable: true }));
    }
    if (this.isRefusing) {
      return Promise.resolve(chunks.map(() => ({ outcome: "refused", state: "frozen" })));
    }
    return Promise.resolve(chunks.map(({ key, changes }) => {
      if (this.#keys.has(`${shard} ${key}`)) return { outcome: "applied before" as const };
      this.#keys.add(`${shard} ${key}`);
      for (const { member, score } of unpackedChanges(changes)) this.#add(shard, member, score);
      return { outcome: "applied" as const };
    }));
  }

  totals(board: string): Record<string, number> {
    return Object.fromEntries(
      [...this.#totals.get(board) ?? []].filter(([, total]) => total !== 0),
    );
  }

  #add(shard: string, member: string, score: number): void {
    const board = shard.slice(0, shard.lastIndexOf("."));
    const totals = this.#totals.get(board) ?? new Map<string, number>();
    const total = (totals.get(member) ?? 0) + score;
    this.#totals.set(board, totals.set(member, total));
    if (board !== MATCH_ID) return;
    this.seen.set(member, (this.seen.get(member) ?? new Set()).add(total));
  }
}

export async function settlementStage({ holdMs = 0 } = {}) {
  const matches = matchStage();
  const { clock, broker, cells, directory, reader } = matches;
  const { sql, close } = await temporarySql();
  const boards = new BoardsInMemory();
  const heard: string[] = [];
  const events = new Proxy({} as BusinessEvents, {
    get: (_, name) => (...words: unknown[]) => void heard.push([name, ...words].join(" ")),
  });
  const signal = new MatchSignal(broker);
  const store = new SettlementStore(sql, { clock, chunkRows: 3 });
  const owners = {
    async deliver(matchId: string, deliveries: FactDelivery[]) {
      await matches.tell(deliveries.map(({ fact }) => fact as ProviderFact), matchId);
      signal.changed(matchId);
      return deliveries.map(() => ({ outcome: "accepted" as const }));
    },
  };
  const voice = new VolatileVoice(broker, cells);
  const predictions = { ofFan: () => Promise.resolve([]) };
  const said = new SettlementSaid({ cells, reader, predictions });
  const begin = (node = "worker-1", settlements: Settlements = store) =>
    SettlementSupervisor.start({
      ...{ clock, random: steadyRandom, events, cells, node, reader, directory, signal, voice },
      ...{ settlements, boards, owners, holdMs },
    });
  const phase = async (matchId = MATCH_ID) => (await reader.read(matchId))?.view.phase;

  return {
    ...{ matches, sql, store, boards, heard, begin, phase, clock, directory, signal, events },
    random: steadyRandom,
    said: (matchId = MATCH_ID) => said.progress(matchId),
    async tell(facts: ProviderFact[], matchId = MATCH_ID) {
      await matches.tell(facts, matchId);
      await directory.add(matchId);
      signal.changed(matchId);
    },
    async predict(picks: [user: string, market: string, pick: string][], matchId = MATCH_ID) {
      await sql.kysely.insertInto("prediction").values(picks.map(([user_id, market, pick]) => ({
        ...{ match_id: matchId, user_id, market, pick, accepted_at: 1 },
        client_id: `${matchId}/${user_id}/${market}`,
      }))).execute();
    },
    command: async (command: "settle" | "hold" | "resume" | "again", matchId = MATCH_ID) => {
      const outcome = await store.command(matchId, { command, by: "op", reason: "because" });
      signal.changed(matchId);
      return outcome;
    },
    /** Lets time go by, 100 ms at a time, until it is so. */
    async until(isSo: () => boolean | Promise<boolean>, msMax = 60_000) {
      for (let ms = 0; !await isSo(); ms += 100) {
        if (ms > msMax) throw new Error(`It never was so: ${heard.slice(-5).join("; ")}`);
        await settled();
        await clock.advance(100);
      }
    },
    async pass(ms: number) {
      await settled();
      await clock.advance(ms);
      await settled();
    },
    async close() {
      await close();
      matches.close();
    },
  };
}

export type SettlementStage = Awaited<ReturnType<typeof settlementStage>>;
