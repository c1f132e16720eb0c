/**
 * The drill of the lock race: a thousand fans predict within 50 ms of the lock,
 * before and after it, while one of two gateways is killed.
 *
 * Held is, by rows that a plain connection reads: whoever was told "ok" has a
 * row, every client id has one at most, no row is of the lock or later, and who
 * was refused has none. Then the first period turns out to have begun earlier:
 * the lock moves back, and exactly the rows between are late.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { ClusterGroup } from "./cluster_group.ts";
import type { Drill, RunReport } from "./drill_run.ts";
import { tokenSettings } from "./fan_token.ts";
import { PredictingFan } from "./predicting_fan.ts";
import { SeededRandom } from "./seeded_random.ts";
import { until } from "./until.ts";
import { type SourceFact, WebhookSource } from "./webhook_source.ts";

const FANS = 1_000;
const AROUND_MS = 50;
/** From the fixture to the lock: sockets are open, the fixture is in SQL. */
const LEAD_MS = 2_500;
const KILL_AROUND_MS = 30;
const WARM_ROUNDS = 3;

interface Row extends RowDataPacket {
  client_id: string;
  user_id: string;
  pick: string;
  accepted_at: number;
}

export class LockRace implements Drill {
  readonly name = "lock_race";
  readonly form = "cluster";
  /** A race where all were before the lock, or all after it, was none. */
  readonly faults = ["kills", "cut_off", "taken", "locked", "late"];
  #cluster: ClusterGroup | null = null;

  async run(seed: number, run: number): Promise<RunReport> {
    const cluster = this.#cluster ??= await ClusterGroup.start({
      ...WebhookSource.settings,
      ...tokenSettings,
    });
    return await race(cluster, `race-${seed}-${run}`, new SeededRandom(seed * 1_000 + run));
  }

  async end(): Promise<RunReport> {
    const cluster = this.#cluster!;
    this.#cluster = null;
    try {
      return { violations: await cluster.stopAll(), times: {}, counts: {}, notes: {} };
    } finally {
      await cluster.end();
    }
  }
}

async function race(
  cluster: ClusterGroup,
  match: string,
  random: SeededRandom,
): Promise<RunReport> {
  const gateways = cluster.of("gateway");
  const [stays, goes] = gateways as [typeof gateways[0], typeof gateways[0]];
  const source = new WebhookSource(() => stays.server.address);
  const fans = Array.from({ length: FANS }, (_, at) => {
    const own = at % 2 === 0 ? stays : goes;
    const addresses = () => [own.server.address, stays.server.address];
    return new PredictingFan(`${match}-fan-${at}`, addresses);
  });
  try {
    await until("every fan is welcome", () => fans.every(({ isReady }) => isReady), 20_000);
    await warmUp(source, fans, match);
    const lockAt = Date.now() + LEAD_MS;
    await tell(source, match, fixture(lockAt));
    if (Date.now() > lockAt - 2 * AROUND_MS) throw new Error("the fixture was not taken in time");
    const kill = { at: lockAt + random.whole(-KILL_AROUND_MS, KILL_AROUND_MS), isDone: false };
    await predictAround(fans, match, lockAt, () => {
      if (kill.isDone || Date.now() < kill.at) return;
      kill.isDone = true;
      goes.server.kill("SIGKILL");
    });
    await until("every fan is answered", () => fans.every(({ answer }) => answer !== null), 20_000);
    const rows = await readRows(cluster, match);
    const violations = judge(fans, rows, lockAt);
    const voided = await moveBack(cluster, source, match, lockAt, violations);
    const answered = (code: string) => fans.filter(({ answer }) => answer!.code === code).length;
    const [taken, locked] = [answered("ok"), answered("locked")];
    const times = fans.map(({ answeredInMs }) => answeredInMs).toSorted((a, b) => a - b);
    return {
      violations,
      times: { ack_p99_ms: Math.round(times[Math.ceil(0.99 * FANS) - 1]!) },
      counts: {
        unsure: fans.filter(({ wasCutOff, user, answer }) =>
          wasCutOff && answer!.code !== "ok" && rows.some((row) =>
            row.client_id === user
          )
        ).length,
        ...{ kills: 1, cut_off: fans.filter(({ wasCutOff }) => wasCutOff).length },
        ...{ taken, locked, other: FANS - taken - locked, late: voided },
      },
      notes: { fans: FANS },
    };
  } finally {
    for (const fan of fans) fan.close();
    await goes.server.exited;
    await cluster.startAgain(goes);
  }
}

/** As on any day: everybody has predicted another match before. */
async function warmUp(source: WebhookSource, fans: PredictingFan[], match: string): Promise<void> {
  const other = `${match}-before`;
  await tell(source, other, fixture(Date.now() + 3_600_000));
  for (let round = 0; round < WARM_ROUNDS; round++) {
    for (const [at, fan] of fans.entries()) {
      const pick = `${round}-${at % 20}`;
      fan.predict({ clientId: `${fan.user}-before`, match: other, market: "finalScore", pick });
    }
    await until("every fan is answered", () => fans.every(({ answer }) => answer !== null), 20_000);
    for (const fan of fans) fan.forget();
  }
}

/** Fans in the order of their moments, evenly around the lock. */
async function predictAround(
  fans: PredictingFan[],
  match: string,
  lockAt: number,
  also: () => void,
): Promise<void> {
  const startAt = lockAt - AROUND_MS;
  await pause(startAt - Date.now());
  for (let next = 0; next < fans.length;) {
    const due = Math.floor(fans.length * (Date.now() - startAt) / (2 * AROUND_MS));
    for (; next < Math.min(due, fans.length); next++) {
      // From both ends, so that each gateway's fans come all the time.
      const pick = `${next % 10}-${next % 7}`;
      fans[next]!.predict({ clientId: fans[next]!.user, match, market: "finalScore", pick });
    }
    also();
    await pause(1);
  }
  while (Date.now() < lockAt + KILL_AROUND_MS + 1) await pause(1);
  also();
}

function judge(fans: PredictingFan[], rows: Row[], lockAt: number): string[] {
  const violations: string[] = [];
  const byClient = new Map<string, Row[]>();
  for (const row of rows) {
    byClient.set(row.client_id, [...byClient.get(row.client_id) ?? [], row]);
    if (row.accepted_at >= lockAt) {
      violations.push(
        `${row.client_id} was accepted ${row.accepted_at - lockAt} ms after the lock`,
      );
    }
  }
  for (const { user, answer, asked, wasCutOff } of fans) {
    const own = byClient.get(user) ?? [];
    byClient.delete(user);
    if (own.length > 1) violations.push(`${user} has ${own.length} rows`);
    const isAsAsked = own.some((row) => row.user_id === user && row.pick === asked!.pick);
    if (answer!.code === "ok" && !isAsAsked) violations.push(`${user} was told ok and has no row`);
    // Of who was cut off the first asking may have been under way during the second.
    if (answer!.code !== "ok" && own.length > 0 && !wasCutOff) {
      violations.push(`${user} was told ${answer!.code} and has a row`);
    }
  }
  for (const id of byClient.keys()) violations.push(`nobody asked for the row of ${id}`);
  return violations;
}

/** The ball rolled earlier than scheduled: answers how many rows are late for it. */
async function moveBack(
  cluster: ClusterGroup,
  source: WebhookSource,
  match: string,
  lockAt: number,
  violations: string[],
): Promise<number> {
  const rows = await readRows(cluster, match);
  // In the midst of what was accepted.
  const times = rows.map((row) => row.accepted_at).toSorted((a, b) => a - b);
  const occurredAt = times[times.length >> 1] ?? lockAt - 1;
  await tell(source, match, {
    ...{ id: "whistle", revision: 1, occurredAt, type: "period.started", period: "firstHalf" },
  });
  const between = rows.filter((row) => row.accepted_at >= occurredAt).map((row) => row.client_id);
  const late = await query<Row>(
    cluster,
    "select client_id from prediction join fixture using (match_id) " +
      "where match_id = ? and accepted_at >= lock_at order by client_id",
    match,
  );
  const found = late.map((row) => row.client_id);
  if (found.join() !== between.toSorted().join()) {
    violations.push(`${found.length} rows are late, ${between.length} lie between`);
  }
  const after = await readRows(cluster, match);
  if (JSON.stringify(after) !== JSON.stringify(rows)) violations.push("rows changed with the lock");
  return found.length;
}

function readRows(cluster: ClusterGroup, match: string): Promise<Row[]> {
  const columns = "client_id, user_id, pick, accepted_at";
  return query(
    cluster,
    `select ${columns} from prediction where match_id = ? order by client_id`,
    match,
  );
}

async function query<R extends RowDataPacket>(
  cluster: ClusterGroup,
  text: string,
  match: string,
): Promise<R[]> {
  const connection = await createConnection(cluster.databaseUrl);
  try {
    const [rows] = await connection.query<R[]>(text, [match]);
    return rows;
  } finally {
    await connection.end();
  }
}

async function tell(source: WebhookSource, match: string, fact: SourceFact): Promise<void> {
  const [posted] = await source.post(match, [fact], { resendForMs: 10_000 });
  if (posted!.answer !== "accepted") {
    throw new Error(`the fact ${fact.id} was answered ${posted!.answer} ${posted!.code}`);
  }
}

function fixture(kickoffAt: number): SourceFact {
  return {
    ...{ id: "fixture", revision: 1, occurredAt: Date.now(), type: "match.scheduled" },
    ...{ competition: "Drill League", stage: "", kickoffAt, format: { kind: "league" } },
    ...{ home: { id: "home", name: "Home" }, away: { id: "away", name: "Away" } },
  };
}
