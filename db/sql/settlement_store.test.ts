import { systemClock } from "../../runtime/clock.ts";
import { describeSettlementsContract } from "../contract/settlements.contract.ts";
import { SettlementStore } from "./settlement_store.ts";
import { temporarySql } from "./temporary_sql.ts";

describeSettlementsContract("SettlementStore on SQLite", async () => {
  const { sql, close } = await temporarySql();
  const store = new SettlementStore(sql, { clock: systemClock, chunkRows: 4 });
  return { store, sql, close };
}, 30);
