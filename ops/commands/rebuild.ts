/**
 * `deno task rebuild LEADERBOARD`: ranks anew from the ledger of points, on the
 * running server of the data folder.
 *
 * Fans read the old ranks meanwhile. Exit code 0 once the new ones hold, 1 where
 * they do not, 69 where no server of development answers or it has no such board.
 */
import { pause, systemClock } from "../../runtime/clock.ts";
import { Failure } from "../../runtime/failure.ts";
import { exitProcess, printError, printLine } from "../../runtime/platform.ts";
import { systemRandom } from "../../runtime/random.ts";
import type { RebuildState } from "../../gateway/http/rebuild_routes.ts";
import { fail, readSources } from "../../supervisors/boot.ts";
import { parseConfig } from "../../supervisors/config.ts";
import { operatorToken } from "../../supervisors/operator_key.ts";
import { findServer } from "../../supervisors/running_server.ts";

const LOOK_MS = 200;
const UNAVAILABLE = 69;

try {
  exitProcess(await rebuild());
} catch (error) {
  exitProcess(fail(error));
}

async function rebuild(): Promise<number> {
  const config = parseConfig(readSources());
  const [board = "", ...rest] = config.positional;
  if (board === "" || rest.length > 0) {
    const found = config.positional.join(" ") || "nothing";
    throw new Failure("configInvalid", `Cannot rebuild: needed one LEADERBOARD, found ${found}`);
  }
  const server = await findServer(config.data);
  if (server === null) {
    printError(
      `Cannot rebuild ${board}: needed a running server on ${config.data}, found none; ` +
        "start it, or name its folder by GOLAZO_DATA",
    );
    return UNAVAILABLE;
  }
  if (config.mode === "production") {
    printError(
      `Cannot rebuild ${board} by this command: its token is development's; with an operator's ` +
        `token POST ${server}/api/ops/leaderboards/${board}/rebuild`,
    );
    return UNAVAILABLE;
  }
  const token = operatorToken(config.data, systemRandom);
  const ask = async (method: string): Promise<RebuildState> => {
    const path = `/api/ops/leaderboards/${encodeURIComponent(board)}/rebuild`;
    const reply = await fetch(server + path, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    const body = await reply.json();
    if (reply.ok) return body;
    throw new Failure(body.code, `Cannot rebuild ${board}: ${body.detail}`);
  };
  let state = await ask("POST");
  let told = -1;
  for (;;) {
    if (state.done !== told) printError(`${board}: ${state.done} of ${state.of} shards`);
    told = state.done;
    if (state.state !== "rebuilding") break;
    await pause(systemClock, LOOK_MS);
    state = await ask("GET");
  }
  printLine(JSON.stringify(state));
  return state.state === "done" ? 0 : 1;
}
