import { silentEvents } from "../../runtime/business_events.ts";
import { systemRandom } from "../../runtime/random.ts";
import { describeStreamContract } from "../contract/stream.contract.ts";
import { MemoryBroker } from "./memory_broker.ts";
import { SqliteFile, type SqliteFileOptions } from "./sqlite_file.ts";
import { SqliteStream } from "./sqlite_stream.ts";
import { temporaryFolder } from "./temporary_folder.ts";

function openWith(options: SqliteFileOptions) {
  const folder = temporaryFolder();
  const broker = new MemoryBroker(silentEvents);
  let file: SqliteFile;
  const open = () => {
    file = new SqliteFile(folder.path("hot.db"), options);
    return new SqliteStream(file, broker, systemRandom);
  };
  return Promise.resolve({
    store: open(),
    broker,
    close() {
      file.close();
      folder.remove();
      return Promise.resolve();
    },
    reopen() {
      file.close();
      return Promise.resolve(open());
    },
  });
}

describeStreamContract("SqliteStream, FULL", () => openWith({ synchronous: "full" }));
describeStreamContract("SqliteStream, OFF", () => openWith({ synchronous: "off" }));
