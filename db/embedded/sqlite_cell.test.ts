import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { describeCellContract } from "../contract/cell.contract.ts";
import { SqliteCell } from "./sqlite_cell.ts";
import { SqliteFile } from "./sqlite_file.ts";
import { temporaryFolder } from "./temporary_folder.ts";

describeCellContract("SqliteCell", () => {
  const folder = temporaryFolder();
  const clock = new SimulatedClock();
  let file: SqliteFile;
  const open = () => {
    file = new SqliteFile(folder.path("hot.db"), { synchronous: "off" });
    return new SqliteCell(file, clock);
  };
  return Promise.resolve({
    store: open(),
    elapse: (ms: number) => clock.advance(ms),
    wipe() {
      for (const table of ["cell", "counter", "lease"]) file.define(`DELETE FROM ${table}`);
      return Promise.resolve();
    },
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
});
