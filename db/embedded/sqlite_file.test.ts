import {
  copyFileSync,
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BusinessEvents, silentEvents } from "../../runtime/business_events.ts";
import { Failure } from "../../runtime/failure.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { openOrSetAside, SqliteFile } from "./sqlite_file.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary_folder.ts";

let folder: TemporaryFolder;
let opened: SqliteFile[];
beforeEach(() => {
  folder = temporaryFolder();
  opened = [];
});
afterEach(() => {
  for (const file of opened) file.close();
  folder.remove();
});

function openFile(path: string): SqliteFile {
  const file = new SqliteFile(path, { synchronous: "full" });
  opened.push(file);
  return file;
}

/** A closed file of some 60 pages. */
function writtenFile(name: string): string {
  const path = folder.path(name);
  const file = openFile(path);
  file.define("CREATE TABLE line (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  file.transaction(() => {
    for (let id = 1; id <= 1_000; id++) {
      file.run("INSERT INTO line VALUES (?, ?)", id, `${id}`.padEnd(200, "."));
    }
  });
  file.close();
  return path;
}

function failureOf(task: () => unknown): Failure {
  try {
    task();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("SqliteFile", () => {
  test("opens with WAL, FULL or OFF, secure_delete and a bounded wait", () => {
    const file = openFile(folder.path("deep/er/hot.db"));
    const setting = (name: string) => Object.values(file.row<object>(`PRAGMA ${name}`)!)[0];
    expect(setting("journal_mode")).toBe("wal");
    expect(setting("synchronous")).toBe(2);
    expect(setting("secure_delete")).toBe(1);
    expect(setting("busy_timeout")).toBe(1_000);
    const cache = new SqliteFile(folder.path("channels.db"), { synchronous: "off" });
    opened.push(cache);
    expect(cache.row("PRAGMA synchronous")).toMatchObject({ synchronous: 0 });
  });

  test("transaction keeps all of its task or nothing", () => {
    const file = openFile(writtenFile("hot.db"));
    expect(() =>
      file.transaction(() => {
        file.run("DELETE FROM line");
        throw new Error("a bug");
      })
    ).toThrow("a bug");
    expect(file.row("SELECT COUNT(*) AS lines FROM line")).toMatchObject({ lines: 1_000 });
  });

  test("relaxedTransaction waits for no disk, and the next transaction does again", () => {
    const file = openFile(writtenFile("hot.db"));
    const synchronous = () => file.row<{ synchronous: number }>("PRAGMA synchronous")!.synchronous;
    expect(file.relaxedTransaction(synchronous)).toBe(1);
    expect(file.transaction(synchronous)).toBe(2);
    expect(() =>
      file.relaxedTransaction(() => {
        throw new Error("a bug");
      })
    ).toThrow("a bug");
    expect(file.transaction(synchronous)).toBe(2);
    const cache = new SqliteFile(folder.path("channels.db"), { synchronous: "off" });
    opened.push(cache);
    expect(cache.relaxedTransaction(() => cache.row("PRAGMA synchronous"))).toMatchObject({
      synchronous: 0,
    });
  });

  test("a lock held by another is storeBusy, and may succeed later", () => {
    const path = writtenFile("hot.db");
    const [one, other] = [openFile(path), openFile(path)];
    other.define("PRAGMA busy_timeout = 1");
    one.run("BEGIN IMMEDIATE");
    const failure = failureOf(() => other.transaction(() => {}));
    expect(failure).toMatchObject({ code: "storeBusy", retryable: true });
    expect(failure.message).toContain(path);
    one.run("COMMIT");
    expect(other.transaction(() => "done")).toBe("done");
  });

  test("a folder that cannot be is storeUnavailable", () => {
    writeFileSync(folder.path("plain"), "a file");
    expect(failureOf(() => openFile(folder.path("plain/hot.db")))).toMatchObject({
      code: "storeUnavailable",
    });
  });

  test("what is no failure of the world passes as it came", () => {
    const file = openFile(folder.path("hot.db"));
    expect(() => file.run("INSERT INTO nowhere VALUES (1)")).toThrow("no such table");
    expect(() => failureOf(() => file.run("INSERT INTO nowhere VALUES (1)"))).toThrow(
      "no such table",
    );
  });

  test("remembers no more statements than its limit", () => {
    const file = openFile(folder.path("hot.db"));
    for (let number = 0; number < 600; number++) {
      expect(file.row(`SELECT ${number} AS found`)).toMatchObject({ found: number });
    }
    expect(file.row("SELECT 0 AS found")).toMatchObject({ found: 0 });
  });
});

describe("a damaged SqliteFile is storeCorrupt, naming file and remedy", () => {
  const cases: Record<string, (path: string) => void> = {
    "text in its place": (path) => writeFileSync(path, "not a database ".repeat(1_000)),
    "100 bytes off the end": (path) => truncateSync(path, statSync(path).size - 100),
    "its last page": (path) => truncateSync(path, statSync(path).size - 4_096),
    "half of it": (path) => truncateSync(path, statSync(path).size >> 1),
    "only its first 50 bytes": (path) => truncateSync(path, 50),
    "a page of zeros in the middle": (path) => {
      const bytes = readFileSync(path);
      bytes.fill(0, 20 * 4_096, 21 * 4_096);
      writeFileSync(path, bytes);
    },
    "nothing beside a -wal": (path) => {
      copyFileSync(path, `${path}-wal`);
      truncateSync(path, 0);
    },
  };
  for (const [what, damage] of Object.entries(cases)) {
    test(what, () => {
      const path = writtenFile("hot.db");
      damage(path);
      const failure = failureOf(() => openFile(path));
      expect(failure).toMatchObject({ code: "storeCorrupt", retryable: false });
      expect(failure.message).toContain(`Cannot open the store ${path}`);
      expect(failure.message).toContain("move it and its -wal and -shm away");
    });
  }
});

describe("openOrSetAside", () => {
  const options = { synchronous: "full", clock: new SimulatedClock(1_671_375_600_000) } as const;

  test("opens a sound file and sets nothing aside", () => {
    const { file, setAside } = openOrSetAside(writtenFile("hot.db"), options, silentEvents);
    opened.push(file);
    expect(setAside).toBeNull();
    expect(file.row("SELECT COUNT(*) AS lines FROM line")).toMatchObject({ lines: 1_000 });
  });

  test("puts a corrupt file aside with its -wal and begins a new one", () => {
    const warnings: string[] = [];
    const events: BusinessEvents = {
      ...silentEvents,
      warned: (message: string) => void warnings.push(message),
    };
    const path = folder.path("hot.db");
    writeFileSync(path, "not a database ".repeat(1_000));
    writeFileSync(`${path}-wal`, "left over");
    const { file, setAside } = openOrSetAside(path, options, events);
    opened.push(file);
    expect(setAside).toBe(`${path}.corrupt-1671375600000`);
    expect(readFileSync(setAside!, "utf8")).toContain("not a database");
    expect(readFileSync(`${setAside}-wal`, "utf8")).toBe("left over");
    expect(existsSync(`${setAside}-shm`)).toBe(false);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(setAside);
    file.define("CREATE TABLE line (id INTEGER PRIMARY KEY)");
    expect(file.rows("SELECT * FROM line")).toEqual([]);
  });

  test("throws what is no corruption", () => {
    writeFileSync(folder.path("plain"), "a file");
    expect(failureOf(() => openOrSetAside(folder.path("plain/hot.db"), options, silentEvents)))
      .toMatchObject({ code: "storeUnavailable" });
  });
});
