import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeRecordsContract } from "../contract/records.contract.ts";
import { batch, goalEntries, goalEntry, type TemporarySql, temporarySql } from "./temporary_sql.ts";

describeRecordsContract("MatchStore on SQLite", temporarySql);

describe("MatchStore on SQLite", () => {
  let opened: TemporarySql;
  beforeEach(async () => {
    opened = await temporarySql();
  });
  afterEach(() => opened.close());

  test("a full disk is a retryable failure that leaves nothing behind", async () => {
    await opened.store.appendEntries([batch("arg-fra", [goalEntry(1)])]);
    const { page_count: pages } = opened.file.row<{ page_count: number }>("PRAGMA page_count")!;
    opened.file.define(`PRAGMA max_page_count = ${pages}`);
    await expect(opened.store.appendEntries([batch("arg-fra", goalEntries(2, 500))])).rejects
      .toMatchObject({ code: "storeFull", retryable: true });
    expect(await opened.store.top("arg-fra")).toBe(1);
    opened.file.define("PRAGMA max_page_count = 100000");
    expect(await opened.store.appendEntries([batch("arg-fra", goalEntries(2, 500))])).toEqual([
      { outcome: "recorded" },
    ]);
  });
});
