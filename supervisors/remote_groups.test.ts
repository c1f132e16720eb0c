import { afterEach, beforeEach, expect, test } from "vitest";
import { partitionOf, PARTITIONS } from "../actors/ports/partition.ts";
import { OwnerCaller, OwnerDoors } from "../channels/owner_call.ts";
import { describeGroupsContract } from "../db/contract/groups.contract.ts";
import { MemoryBroker } from "../db/embedded/memory_broker.ts";
import { GroupStore } from "../db/sql/group_store.ts";
import { type TemporarySql, temporarySql } from "../db/sql/temporary_sql.ts";
import { silentEvents } from "../runtime/business_events.ts";
import { systemClock } from "../runtime/clock.ts";
import { Failure } from "../runtime/failure.ts";
import { seededRandom } from "../runtime/random.ts";
import { groupAbilities, RemoteGroups } from "./remote_groups.ts";

async function open(sql: TemporarySql) {
  const broker = new MemoryBroker(silentEvents);
  const store = new GroupStore(sql.sql, { clock: systemClock, random: seededRandom(1) });
  const doors = new OwnerDoors(broker, groupAbilities(store));
  for (let partition = 0; partition < PARTITIONS; partition++) await doors.open(partition);
  const caller = await OwnerCaller.open({ broker, clock: systemClock, node: "gateway" });
  return { store, doors, caller, remote: new RemoteGroups(caller) };
}

describeGroupsContract("RemoteGroups", async () => {
  const sql = await temporarySql();
  const { caller, remote } = await open(sql);
  return {
    store: remote,
    close() {
      caller.close();
      return sql.close();
    },
  };
});

let sql: TemporarySql;
let opened: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  sql = await temporarySql();
  opened = await open(sql);
});
afterEach(async () => {
  opened.caller.close();
  await sql.close();
});

test("while SQL is away the owner says so, and that it passes", async () => {
  opened.store.get = () =>
    Promise.reject(new Failure("storeUnavailable", "SQL is away", { retryable: true }));
  await expect(opened.remote.get("g1")).rejects.toMatchObject({
    code: "storeUnavailable",
    retryable: true,
  });
});

test("a question whose owner is lost is answered by the next one, and made once", async () => {
  const partition = partitionOf("groups/g1");
  opened.doors.close(partition);
  const asked = opened.remote.create("g1", "Stammtisch", "ana");
  await opened.doors.open(partition);
  expect(await asked).toMatchObject({ outcome: "done", group: { id: "g1", members: ["ana"] } });
  expect(await opened.remote.ofFan("ana")).toHaveLength(1);
});
