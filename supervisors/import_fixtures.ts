/**
 * `deno task import FILE`: fixtures, teams and squads from a JSON file.
 *
 * The file becomes the operator's facts, so an import is a submission like any
 * other: durable, deduplicated (importing twice changes nothing) and shown as
 * soon as it is committed. It goes to the server that runs on the data folder;
 * where none does, one is started for the moment.
 */
import { readFileSync } from "node:fs";
import { type FixtureFacts, readFixtureFile } from "../actors/fixture/fixture.ts";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { printError } from "../runtime/platform.ts";
import { systemRandom } from "../runtime/random.ts";
import type { Config } from "./config.ts";
import { startGolazo } from "./golazo.ts";
import { operatorToken } from "./operator_key.ts";
import { findServer } from "./running_server.ts";

interface Totals {
  accepted: number;
  duplicate: number;
  rejected: number;
}

/** @returns the exit code. @throws {Failure} `importInvalid`, `importRefused`. */
export async function importFixtures(
  config: Config,
  words: string[],
  print: (line: string) => void,
): Promise<number> {
  const [path] = words;
  if (path === undefined) {
    throw new Failure("importInvalid", "Cannot import: needed a file, as in deno task import FILE");
  }
  const fixtures = readFixtures(path);
  const running = await findServer(config.data);
  const ours = running === null ? await startForTheMoment(config) : null;
  const token = operatorToken(config.data, systemRandom);
  const totals: Totals = { accepted: 0, duplicate: 0, rejected: 0 };
  try {
    for (const fixture of fixtures) {
      await submit(running ?? ours!.adminAddress, token, fixture, totals);
    }
  } finally {
    await ours?.stop("imported");
  }
  print(
    `${fixtures.length} fixtures from ${path}: ${totals.accepted} facts accepted, ` +
      `${totals.duplicate} known before, ${totals.rejected} rejected`,
  );
  return totals.rejected === 0 ? 0 : 1;
}

function readFixtures(path: string): FixtureFacts[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Failure(
      "importInvalid",
      `Cannot import ${path}: needed a readable JSON file, found: ${reasonOf(error)}`,
    );
  }
  const read = readFixtureFile(value);
  if ("facts" in read) return read.facts;
  const problems = read.problems.map(({ path, reason }) => `\n  ${path}: ${reason}`);
  throw new Failure("importInvalid", `Cannot import ${path}:${problems.join("")}`);
}

function startForTheMoment(config: Config) {
  return startGolazo({
    config: {
      ...config,
      host: "127.0.0.1",
      port: 0,
      adminListen: { host: "127.0.0.1", port: 0 },
      replaySpeed: 0,
    },
    write: printError,
  });
}

async function submit(
  address: string,
  token: string,
  { matchId, facts }: FixtureFacts,
  totals: Totals,
): Promise<void> {
  const named = facts.map(({ provider: _provider, ...fact }) => fact);
  const reply = await fetch(`${address}/api/ops/matches/${matchId}/facts`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ facts: named }),
  });
  const body = await reply.json();
  if (!reply.ok) {
    throw new Failure(
      "importRefused",
      `Cannot import ${matchId}: the server answered ${reply.status} ${body.code}: ${body.detail}`,
    );
  }
  for (const { id, outcome, reason } of body.facts) {
    totals[outcome as keyof Totals] += 1;
    if (outcome === "rejected") printError(`${matchId} ${id}: ${reason}`);
  }
}
