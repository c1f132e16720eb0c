/**
 * A Redis of a cluster's own, which keeps what it acknowledged.
 *
 * Its settings are in a file, with a password of this start's, as a command
 * line is everybody's to read.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomId, systemRandom } from "../../runtime/random.ts";
import { type PrivateServer, privateServer } from "./private_server.ts";

export interface PrivateServerOptions {
  /** Path of the server's program. */
  program: string;
  folder: string;
  print(line: string): void;
  write(line: string): void;
  signal: AbortSignal;
}

export function privateRedis(options: PrivateServerOptions): PrivateServer {
  const { program, folder } = options;
  const data = join(folder, "redis");
  const settings = join(folder, "redis.conf");
  const password = randomId(systemRandom, 32);
  return privateServer({
    ...options,
    id: "redis",
    logPath: join(folder, "redis.log"),
    ready: /Ready to accept connections/,
    command(port) {
      mkdirSync(data, { recursive: true });
      const lines = [
        ...["bind 127.0.0.1", `port ${port}`, `requirepass ${password}`, `dir ${quoted(data)}`],
        ...["appendonly yes", "appendfsync everysec", 'save ""', "maxmemory-policy noeviction"],
      ];
      writeFileSync(settings, `${lines.join("\n")}\n`, { mode: 0o600 });
      return [program, settings];
    },
    url: (port) => `redis://:${password}@127.0.0.1:${port}/0`,
  });
}

function quoted(path: string): string {
  return JSON.stringify(path);
}
