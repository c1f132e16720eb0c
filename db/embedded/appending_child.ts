/**
 * A process that appends until it is killed, for `kill.test.ts`.
 *
 * `appending_child.ts <file>`: continues the stream from its top and prints each
 * top once the append was answered, so a printed line is a promise given.
 */
import { silentEvents } from "../../runtime/business_events.ts";
import { commandLine, printLine } from "../../runtime/platform.ts";
import { systemRandom } from "../../runtime/random.ts";
import { nextTurn } from "../../runtime/turn.ts";
import { payload } from "../contract/payload.ts";
import { MemoryBroker } from "./memory_broker.ts";
import { SqliteFile } from "./sqlite_file.ts";
import { SqliteStream } from "./sqlite_stream.ts";

const file = new SqliteFile(commandLine()[0]!, { synchronous: "full" });
const store = new SqliteStream(file, new MemoryBroker(silentEvents), systemRandom);
let top = (await store.position("ledger/match/a"))?.top ?? 0;
for (;;) {
  const entries = [1, 2, 3].map((step) => payload(`${top + step}`.padEnd(300, ".")));
  const answer = await store.append("ledger/match/a", { fence: 1, expectedTop: top, entries });
  if (answer.outcome !== "appended") throw new Error(`the stream answered ${answer.outcome}`);
  top = answer.top;
  printLine(`${top}`);
  await nextTurn();
}
