/**
 * The table of attacks, against a real server.
 *
 * Each row has exactly one outcome that an attacker may see, a time limit, a
 * counter that an operator sees, and a bound on what it costs us in memory. Rows
 * that wait for a time limit wait side by side; the rest run one after another,
 * so that their memory is their own. Outcomes only: how the innocent fare
 * meanwhile belongs to the benchmarks.
 */
import type { Drill, RunReport } from "./drill_run.ts";
import { crowdRows } from "./hostile/crowd_rows.ts";
import { drainRow } from "./hostile/drain_row.ts";
import { patientHttpRows, quickHttpRows } from "./hostile/http_rows.ts";
import { type HostileRow, runHostileRow } from "./hostile/row.ts";
import {
  manySubscriptions,
  PAGE,
  patientSocketRows,
  quickSocketRows,
} from "./hostile/socket_rows.ts";
import { serverTarget, type Target } from "./hostile/target.ts";
import { TokenIssuer, tokenRows } from "./hostile/token_rows.ts";
import { opening } from "./opening.ts";
import { ProcessGroup } from "./process_group.ts";
import { limits } from "../runtime/limits.ts";
import { WebhookSource } from "./webhook_source.ts";

/** Channels that are there, more than one socket may have. */
const MATCHES = limits.subscriptionsMax + 2;
const matchOf = (at: number) => `hostile-${at}`;

export class HostileSockets implements Drill {
  readonly name = "hostile_sockets";
  readonly form = "embedded";
  readonly faults = ["attacks"];

  async run(): Promise<RunReport> {
    const issuer = await TokenIssuer.start();
    const group = new ProcessGroup({
      ...WebhookSource.settings,
      ...issuer.settings,
      GOLAZO_MODE: "production",
      GOLAZO_ORIGINS: PAGE,
      GOLAZO_REPLAY_SPEED: "0",
    });
    try {
      const server = await group.start();
      const target = serverTarget(server.address, server.adminAddress, async () => {
        return (await server.stop()).code;
      });
      const source = new WebhookSource(() => server.address);
      for (let at = 1; at <= MATCHES; at++) await source.post(matchOf(at), opening());
      return await attackAll(target, issuer);
    } finally {
      group.end();
      await issuer.stop();
    }
  }
}

async function attackAll(target: Target, issuer: TokenIssuer): Promise<RunReport> {
  const alone: HostileRow[] = [
    ...quickHttpRows,
    ...quickSocketRows,
    ...tokenRows(issuer),
    manySubscriptions((at) => `match:${matchOf(at)}`),
    ...crowdRows,
  ];
  const together = [...patientHttpRows, ...patientSocketRows];
  const violations: string[] = [];
  for (const row of alone) violations.push(...await runHostileRow(row, target));
  const patient = await Promise.all(together.map((row) => runHostileRow(row, target)));
  violations.push(...patient.flat());
  violations.push(...await runHostileRow(drainRow, target));
  const attacks = alone.length + together.length + 1;
  return { violations, times: {}, counts: { attacks }, notes: {} };
}
