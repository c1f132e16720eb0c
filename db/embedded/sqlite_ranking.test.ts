import { describeRankingContract } from "../contract/ranking.contract.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { SqliteFile } from "./sqlite_file.ts";
import { SqliteRanking } from "./sqlite_ranking.ts";
import { temporaryFolder } from "./temporary_folder.ts";

describeRankingContract("SqliteRanking", () => {
  const folder = temporaryFolder();
  const clock = new SimulatedClock();
  let file: SqliteFile;
  const open = () => {
    file = new SqliteFile(folder.path("rankings.db"), { synchronous: "off" });
    return new SqliteRanking(file, clock);
  };
  return Promise.resolve({
    store: open(),
    get forgetful() {
      return new SqliteRanking(file, clock, 50);
    },
    elapse: (ms) => clock.advance(ms),
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
