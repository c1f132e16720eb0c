/**
 * Where a settlement is drilled: a cluster, or one process on its files. Who
 * settles can be stopped at a moment of a chunk and killed; SQL is read, and
 * filled with predictions, by connections of the drill's own.
 */
import { join } from "node:path";
import { AdminDesk, type SettlementStop } from "./admin_desk.ts";
import { ClusterGroup } from "./cluster_group.ts";
import { ProcessGroup, type ServerProcess } from "./process_group.ts";
import { openMysqlDoor, openSqliteDoor, type SqlDoor } from "./sql_door.ts";
import { WebhookSource } from "./webhook_source.ts";

export interface PredictionRow {
  user: string;
  market: string;
  pick: string;
  acceptedAt: number;
}

export interface SettleHouse {
  /** Of a public door. */
  address(): string;
  /** Who settles is stopped there by and by; null: let go. */
  stopAt(stop: SettlementStop | null): Promise<void>;
  isStopped(): Promise<boolean>;
  /** SIGKILL, and another in its place. */
  killSettler(): Promise<void>;
  /** SIGKILL and a restart on the same data; null where SQL is no process. */
  killSql: (() => Promise<void>) | null;
  query(text: string): Promise<Record<string, unknown>[]>;
  predict(match: string, rows: PredictionRow[]): Promise<void>;
  /** Answers who did not end well. */
  end(): Promise<string[]>;
}

const SETTINGS = { ...WebhookSource.settings, GOLAZO_SETTLEMENT_HOLD_MS: "0" };
const ROWS_A_STATEMENT = 2_000;

export async function openCluster(): Promise<SettleHouse> {
  const cluster = await ClusterGroup.start(SETTINGS);
  const [worker] = cluster.of("workers");
  const query = (text: string) => asked(openMysqlDoor(cluster.databaseUrl), text);
  return {
    address: () => cluster.of("gateway")[0]!.server.address,
    stopAt: (stop) => cluster.desk(worker!).stopSettlement(stop),
    isStopped: () => cluster.desk(worker!).isSettlementStopped(),
    async killSettler() {
      worker!.server.kill("SIGKILL");
      await worker!.server.exited;
      await cluster.startAgain(worker!);
    },
    async killSql() {
      cluster.mariadb.signal("SIGKILL");
      await cluster.mariadb.restart();
    },
    query,
    async predict(match, rows) {
      for (const text of inserts(match, rows)) await query(text);
    },
    async end() {
      try {
        return await cluster.stopAll();
      } finally {
        await cluster.end();
      }
    },
  };
}

export async function openEmbedded(): Promise<SettleHouse> {
  const group = new ProcessGroup(SETTINGS);
  let server: ServerProcess = await group.start();
  const path = join(group.dataFolder, "golazo.db");
  const query = (text: string) => asked(Promise.resolve(openSqliteDoor(path)), text);
  const desk = () => new AdminDesk(server.adminAddress, group.dataFolder);
  return {
    address: () => server.address,
    stopAt: (stop) => desk().stopSettlement(stop),
    isStopped: () => desk().isSettlementStopped(),
    async killSettler() {
      server.kill("SIGKILL");
      await server.exited;
      server = await group.start();
    },
    killSql: null,
    query,
    async predict(match, rows) {
      for (const text of inserts(match, rows)) await query(text);
    },
    async end() {
      const { code } = await server.stop();
      group.end();
      return code === 0 ? [] : [`the server ended with code ${code}`];
    },
  };
}

/** Each time through a door of its own: what it led to may have been killed. */
async function asked(opening: Promise<SqlDoor>, text: string): ReturnType<SqlDoor["ask"]> {
  const door = await opening;
  try {
    return await door.ask(text);
  } finally {
    await door.close();
  }
}

/** Of names and numbers of our own: nothing in them needs to be escaped. */
function inserts(match: string, rows: PredictionRow[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT) {
    const values = rows.slice(at, at + ROWS_A_STATEMENT).map(
      ({ user, market, pick, acceptedAt }) =>
        `('${match}','${user}','${market}','${pick}','${match}/${user}/${market}',${acceptedAt})`,
    );
    texts.push(
      "INSERT INTO prediction (match_id, user_id, market, pick, client_id, accepted_at) VALUES " +
        values.join(","),
    );
  }
  return texts;
}
