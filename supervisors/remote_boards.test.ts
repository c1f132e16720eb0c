import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { temporarySql } from "../db/sql/temporary_sql.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { describeBoards } from "./boards_suite_test_kit.ts";
import { embeddedRankings } from "./boards_test_kit.ts";

describeBoards("embedded stores", async () => {
  const { sql, close } = await temporarySql();
  const store = embeddedRankings(systemClock);
  return {
    ...store,
    broker: new MemoryBroker(silentEvents),
    sql,
    empty: () => Promise.resolve(store.empty()),
    async close() {
      await close();
      store.close();
    },
  };
});
