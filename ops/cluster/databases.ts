/**
 * What a cluster stores in: servers that are there already, else its own.
 */
import { Failure } from "../../runtime/failure.ts";
import type { ChildSpec } from "../../supervisors/child_spec.ts";
import type { Config } from "../../supervisors/config.ts";
import type { StoreUrls } from "../../supervisors/launcher.ts";
import { type DebianProgram, findProgram, packagesOf, programs } from "../debian_program.ts";
import { privateMariadb } from "./private_mariadb.ts";
import { privateRedis } from "./private_redis.ts";
import type { PrivateServer } from "./private_server.ts";

export interface Databases {
  databases: ChildSpec[];
  /** Once those run. */
  urls(): StoreUrls;
}

export interface DatabasePlace {
  folder: string;
  print(line: string): void;
  write(line: string): void;
  signal: AbortSignal;
}

/** @throws {Failure} `programMissing`, naming all that has to be installed. */
export function chooseDatabases(config: Config, place: DatabasePlace): Databases {
  const missing: DebianProgram[] = [];
  const pathOf = (program: DebianProgram) => {
    const path = findProgram(program);
    if (path === null) missing.push(program);
    return path ?? "";
  };
  const servers: PrivateServer[] = [];
  const own = (server: PrivateServer) => {
    servers.push(server);
    return server.url;
  };
  const { redisUrl, databaseUrl } = config;
  const database = databaseUrl === null
    ? own(privateMariadb({
      ...place,
      program: pathOf(programs.mariadb),
      installer: pathOf(programs.mariadbInstaller),
    }))
    : () => databaseUrl;
  const redis = redisUrl === null
    ? own(privateRedis({ ...place, program: pathOf(programs.redis) }))
    : () => redisUrl;
  if (missing.length > 0) throw programMissing(missing);
  return {
    databases: servers.map(({ spec }) => spec),
    urls: () => ({ redisUrl: redis(), databaseUrl: database() }),
  };
}

function programMissing(missing: DebianProgram[]): Failure {
  return new Failure(
    "programMissing",
    `Cannot start a cluster as ${missing.map(({ name }) => name).join(", ")} must be installed: ` +
      `apt-get install ${
        packagesOf(missing)
      }; or set REDIS_URL and DATABASE_URL to servers that run`,
  );
}
