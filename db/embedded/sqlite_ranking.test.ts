import { describeRankingContract } from "../contract/ranking.contract.ts";
import { SqliteFile } from "./sqlite_file.ts";
import { SqliteRanking } from "./sqlite_ranking.ts";
import { temporaryFolder } from "./temporary_folder.ts";

describeRankingContract("SqliteRanking", () => {
  const folder = temporaryFolder();
  let file: SqliteFile;
  const open = () => {
    file = new SqliteFile(folder.path("hot.db"), { synchronous: "off" });
    return new SqliteRanking(file);
  };
  return Promise.resolve({
    store: open(),
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
