import { describePointsContract } from "../contract/points.contract.ts";
import { PointsStore } from "./points_store.ts";
import { temporarySql } from "./temporary_sql.ts";

describePointsContract("PointsStore on SQLite", async () => {
  const { sql, close } = await temporarySql();
  return { store: new PointsStore(sql), sql, close };
});
