/**
 * What operators do to settlements, each with its line in the book.
 *
 * In force once it is committed, whatever process runs the settlement: every
 * chunk's transaction asks for the run's holder, and every run for its key.
 */
import type { Kysely } from "kysely";
import type { CommandAsk, CommandOutcome } from "../../actors/ports/settlements.ts";
import { AGAIN } from "./settlement_beginning.ts";
import { runOf } from "./settlement_row.ts";
import type { SqlDatabase, Tables } from "./sql_database.ts";
import type { SettlementRunTable } from "./tables/settlement_run.ts";

type Refusal = Extract<CommandOutcome, { outcome: "refused" }>;

export function commandRun(
  { kysely, words }: SqlDatabase,
  matchId: string,
  ask: CommandAsk,
  now: number,
): Promise<CommandOutcome> {
  return kysely.transaction().execute(async (transaction): Promise<CommandOutcome> => {
    // Whoever has the head's row is alone with the match's runs and its book.
    const insert = transaction.insertInto("settlement_head").values({ match_id: matchId, run: 0 });
    await words.upsert(insert, ["match_id"], { match_id: matchId }).execute();
    const before = await stateOf(transaction, matchId);
    const refusal = before.run === null ? noRun(ask, matchId) : refusalOf(ask, matchId, before.run);
    if (refusal !== null) return refusal;
    await carryOut(transaction, words, matchId, ask, now);
    const after = await stateOf(transaction, matchId);
    const last = await transaction.selectFrom("settlement_command").select("seq")
      .where("match_id", "=", matchId).orderBy("seq", "desc").limit(1).executeTakeFirst();
    await transaction.insertInto("settlement_command").values({
      ...{ match_id: matchId, seq: (last?.seq ?? 0) + 1, at: now },
      ...{ by: ask.by, command: ask.command, reason: ask.reason },
      ...{ before: JSON.stringify(before), after: JSON.stringify(after) },
    }).execute();
    return { outcome: "done", run: after.run?.run ?? null };
  });
}

async function stateOf(transaction: Kysely<Tables>, matchId: string) {
  const row = await transaction.selectFrom("settlement_run").selectAll()
    .where("match_id", "=", matchId).orderBy("run", "desc").limit(1).executeTakeFirst();
  const voided = await transaction.selectFrom("market_void").select("market")
    .where("match_id", "=", matchId).orderBy("market").execute();
  return { run: row === undefined ? null : shown(row), voided: voided.map(({ market }) => market) };
}

/** Of a run, what a command may change. */
function shown(row: SettlementRunTable) {
  const { run, state, holdUntil, held, outcomeKey, endedAt } = runOf(row);
  return { run, state, holdUntil, held, outcomeKey, endedAt };
}

function noRun({ command }: CommandAsk, matchId: string): Refusal | null {
  if (command === "void") return null;
  const reason =
    `Cannot ${command} as ${matchId} has no settlement yet: it begins when the match ends`;
  return { outcome: "refused", code: "noRun", reason };
}

function refusalOf(
  { command }: CommandAsk,
  matchId: string,
  { state, held, endedAt }: ReturnType<typeof shown>,
): Refusal | null {
  const isOpen = endedAt === null;
  if (command === "resume" && isOpen && held === null) {
    const reason = `Cannot resume the settlement of ${matchId} as it is not held: it is ${state}`;
    return { outcome: "refused", code: "notHeld", reason };
  }
  if (isOpen || command === "void" || command === "again") return null;
  const reason = `Cannot ${command} the settlement of ${matchId} as it has ended: it is ${state}`;
  return { outcome: "refused", code: "notOpen", reason };
}

async function carryOut(
  transaction: Kysely<Tables>,
  words: SqlDatabase["words"],
  matchId: string,
  { command, by, reason, market }: CommandAsk,
  now: number,
): Promise<void> {
  const head = await transaction.selectFrom("settlement_head").select("run")
    .where("match_id", "=", matchId).executeTakeFirstOrThrow();
  const run = transaction.updateTable("settlement_run")
    .where("match_id", "=", matchId).where("run", "=", head.run);
  switch (command) {
    case "settle":
      await run.where("hold_until", ">", now).set({ hold_until: now }).execute();
      break;
    case "hold":
      await run.set({ held_by: by, held_reason: reason }).execute();
      break;
    case "resume":
      await run.set({ held_by: null, held_reason: null }).execute();
      break;
    case "again":
      await run.set({ outcome_key: AGAIN }).execute();
      break;
    case "void": {
      const row = { match_id: matchId, market: market!, by, reason, at: now };
      const insert = transaction.insertInto("market_void").values(row);
      await words.upsert(insert, ["match_id", "market"], { match_id: matchId }).execute();
    }
  }
}
