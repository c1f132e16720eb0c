/**
 * The embedded servers of one drill, one after another on a data folder of
 * their own.
 *
 * Whatever ends the drill also ends them and removes the folder.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEnd } from "./at_end.ts";
import { type ServerExit, ServerProcess } from "./server_process.ts";

export type { ServerExit, ServerProcess };

export class ProcessGroup {
  readonly dataFolder: string;
  readonly #folder: string;
  readonly #settings: Record<string, string>;
  readonly #servers: ServerProcess[] = [];
  readonly #forget: () => void;

  /** `settings` by the names of the environment; ports and folder are the group's own. */
  constructor(settings: Record<string, string>) {
    this.#folder = mkdtempSync(join(tmpdir(), "golazo-drill-"));
    this.dataFolder = join(this.#folder, "data");
    mkdirSync(this.dataFolder);
    this.#settings = { ...settings, GOLAZO_DATA: this.dataFolder };
    this.#forget = atEnd(() => this.end());
  }

  /** @throws {Error} where it does not listen in time; the message holds its last words. */
  start(): Promise<ServerProcess> {
    const log = join(this.#folder, `server-${this.#servers.length + 1}.log`);
    const server = ServerProcess.spawn(this.#settings, log);
    this.#servers.push(server);
    return server.listens();
  }

  stop(server: ServerProcess): Promise<ServerExit> {
    return server.stop();
  }

  /** Kills what still runs and removes the folder; synchronous, as it is also the last act. */
  end(): void {
    for (const server of this.#servers) server.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
    this.#forget();
  }
}
