import { systemClock } from "../../runtime/clock.ts";
import { seededRandom } from "../../runtime/random.ts";
import { describeGroupsContract } from "../contract/groups.contract.ts";
import { GroupStore } from "./group_store.ts";
import { temporarySql } from "./temporary_sql.ts";

describeGroupsContract("GroupStore on SQLite", async () => {
  const { sql, close } = await temporarySql();
  return { store: new GroupStore(sql, { clock: systemClock, random: seededRandom(3) }), close };
});
