import { afterAll, beforeAll } from "vitest";
import { auditContract } from "../contract/audit.contract.ts";
import { type TemporarySql, temporarySql } from "./temporary_sql.ts";

let temporary: TemporarySql;
beforeAll(async () => {
  temporary = await temporarySql();
});
afterAll(() => temporary.close());

auditContract(() => temporary.sql);
