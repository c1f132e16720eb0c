import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { seededRandom } from "../runtime/random.ts";
import { auditKey, knownAuditKey } from "./audit_key.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

const settings = (data: string, auditKey: string | null = null) => ({ auditKey, data });

describe("auditKey", () => {
  test("is made once, beside the data, for its owner's eyes", () => {
    const data = folder.path("data");
    expect(knownAuditKey(settings(data))).toBeNull();
    const key = auditKey(settings(data), seededRandom(1));
    expect(key).toMatch(/^\w{48}$/);
    expect(auditKey(settings(data), seededRandom(2))).toBe(key);
    expect(knownAuditKey(settings(data))).toBe(key);
    expect(readFileSync(folder.path("data/audit.key"), "utf8")).toBe(`${key}\n`);
    expect(statSync(folder.path("data/audit.key")).mode & 0o777).toBe(0o600);
  });

  test("is the one that was set, and then nothing is written", () => {
    const set = settings(folder.path("data"), "a key that somebody keeps elsewhere");
    expect(auditKey(set, seededRandom(1))).toBe(set.auditKey);
    expect(knownAuditKey(settings(folder.path("data")))).toBeNull();
  });

  test("is none where there is none and none can be written", () => {
    const data = folder.path("data");
    mkdirSync(data);
    // Nothing is behind it and nothing can be put there: whoever runs this, root included.
    symlinkSync(folder.path("nowhere/at/all"), folder.path("data/audit.key"));
    expect(auditKey(settings(data), seededRandom(1))).toBeNull();
    expect(knownAuditKey(settings(data))).toBeNull();
  });

  test("that is there and cannot be read is said, never made anew", () => {
    mkdirSync(folder.path("data/audit.key"), { recursive: true });
    const read = () => auditKey(settings(folder.path("data")), seededRandom(1));
    expect(read).toThrow("Cannot read the key of the audit");
    writeFileSync(folder.path("file"), "");
    expect(() => knownAuditKey(settings(folder.path("file/data")))).toThrow("make it readable");
  });
});
