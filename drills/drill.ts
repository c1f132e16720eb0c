/**
 * `deno task drill NAME --seed S --runs N [--embedded | --cluster] [--keep]`:
 * injects faults into real servers and holds what they promise.
 *
 * Prints one JSON line a run and a last one for all; exit code 0 only where
 * everything held. A drill is for one form of the product, which its flag may
 * name. `--keep` puts the figures of runs that held into drills/figures.json,
 * from which `deno task outages` writes the table in ARCHITECTURE.md.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { BadNetwork } from "./bad_network.ts";
import { BanDelete } from "./ban_delete.ts";
import { crashMatch } from "./crash_match.ts";
import { DrainDrill } from "./drain.ts";
import { type Drill, runDrill } from "./drill_run.ts";
import { figuresOf, keepFigures } from "./figures.ts";
import { HostileSockets } from "./hostile_sockets.ts";
import { KillOwner } from "./kill_owner.ts";
import { killServer } from "./kill_server.ts";
import { LockRace } from "./lock_race.ts";
import { MysqlLoss } from "./mysql_loss.ts";
import { RedisFailover } from "./redis_failover.ts";
import { RedisLoss } from "./redis_loss.ts";
import { RoomKill } from "./room_kill.ts";
import { SettleKill } from "./settle_kill.ts";
import { TwinsDrill } from "./twins.ts";
import { ZombieOwner } from "./zombie_owner.ts";

const drills: Drill[] = [
  killServer,
  crashMatch,
  new KillOwner(),
  new ZombieOwner(),
  new RedisLoss(),
  new RedisFailover(),
  new MysqlLoss({ stopMs: 180_000 }),
  new BadNetwork(),
  new HostileSockets(),
  new TwinsDrill(),
  new DrainDrill(),
  new LockRace(),
  new BanDelete("cluster"),
  new BanDelete("embedded"),
  new RoomKill(),
  new SettleKill({ form: "cluster", fans: 60_000, heldKills: 3, drawnKills: 20 }),
  new SettleKill({ form: "embedded", fans: 10_000, heldKills: 3, drawnKills: 20 }),
];
const EXIT_USAGE = 64;

const { values, positionals: [name] } = readArguments();
const drill = drills.find((one) => one.name === name);
const [seed, runs] = [Number(values.seed), Number(values.runs)];
if (drill === undefined) {
  const names = drills.map((one) => one.name).join(", ");
  refuse(`Cannot run the drill ${JSON.stringify(name ?? "")}: needed one of ${names}`);
}
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(runs) || runs < 1) {
  refuse(`Cannot run ${drill.name}: needed whole --seed and --runs, found ${seed} and ${runs}`);
}
const asked = values.cluster ? "cluster" : values.embedded ? "embedded" : drill.form;
if (asked !== drill.form) {
  refuse(`Cannot run ${drill.name}: needed --${drill.form}, found --${asked}`);
}
const outcome = await runDrill(drill, { seed, runs }, (line) => console.log(line));
if (values.keep && outcome.ok) keepFigures(figuresOf(drill.name, { seed, runs }, outcome));
if (values.keep && !outcome.ok) console.error(`Kept no figures as ${drill.name} did not hold`);
process.exit(outcome.ok ? 0 : 1);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: "string", default: "1" },
        runs: { type: "string", default: "3" },
        embedded: { type: "boolean" },
        cluster: { type: "boolean" },
        keep: { type: "boolean" },
      },
    });
  } catch (error) {
    refuse(`Cannot run a drill: ${error instanceof Error ? error.message : error}`);
  }
}

function refuse(why: string): never {
  console.error(why);
  process.exit(EXIT_USAGE);
}
