/**
 * What a reviewer would have to say again and again, as tests: the direction of
 * imports, one composition root, time and chance from their ports, documents
 * that name what exists.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT, type SourceFile, sourceFiles } from "./source_tree.ts";

const files = sourceFiles();
const product = files.filter(({ isTest }) => !isTest);
const roomOf = (path: string) => path.includes("/") ? path.slice(0, path.indexOf("/")) : ".";
const offending = (list: SourceFile[], isWrong: (file: SourceFile) => unknown) =>
  list.filter(isWrong).map(({ path }) => path);

/** What each room may import beside itself. */
const ARROWS: Record<string, string[]> = {
  runtime: [],
  protocol: [],
  actors: ["runtime"],
  feed: ["actors", "runtime"],
  channels: ["actors", "protocol", "runtime"],
  gateway: ["channels", "actors", "protocol", "runtime"],
  db: ["actors", "runtime"],
  clients: ["protocol"],
};

describe("tidy", () => {
  test("finds the sources", () => {
    expect(files.length).toBeGreaterThan(100);
  });

  test("a room imports only what stands below it", () => {
    const uphill = product.flatMap(({ path, imports }) => {
      const allowed = ARROWS[roomOf(path)];
      if (allowed === undefined) return [];
      const wrong = imports.filter((to) => ![roomOf(path), ...allowed].includes(roomOf(to)));
      return wrong.map((to) => `${path} -> ${to}`);
    });
    expect(uphill).toEqual([]);
  });

  test("no file imports itself through others", () => {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, above: string[]) => {
      if (above.includes(path)) {
        circles.push([...above.slice(above.indexOf(path)), path].join(" -> "));
      }
      if (done.has(path) || above.includes(path)) return;
      for (const to of byPath.get(path)?.imports ?? []) visit(to, [...above, path]);
      done.add(path);
    };
    for (const { path } of files) visit(path, []);
    expect(circles).toEqual([]);
  });

  test("a folder of actors never imports another's actor", () => {
    const wrong = product.flatMap(({ path, imports }) =>
      imports
        .filter((to) => /^actors\/\w+\/\w+_actor\.ts$/.test(to) && roomOf(path) === "actors")
        .filter((to) => to.split("/")[1] !== path.split("/")[1])
        .map((to) => `${path} -> ${to}`)
    );
    expect(wrong).toEqual([]);
  });

  test("only supervisors/ opens stores and listeners", () => {
    const opens =
      /\bnew ((Sqlite|Redis)(Stream|Cell|Ranking|Broker)|MemoryBroker|HistoryWriter)\(|\b(openGateway|RedisClient\.open|mysqlDatabase)\(/;
    const rooms = ["supervisors", "drills", "bench", "ops"];
    const wrong = offending(product, ({ path, text }) => {
      const isDefinition = /^(gateway\/gateway|db\/sql\/mysql_dialect)\.ts$/.test(path);
      return opens.test(text) && !rooms.includes(roomOf(path)) && !isDefinition;
    });
    expect(wrong).toEqual([]);
  });

  test("one file makes XState actors", () => {
    expect(offending(product, ({ text }) => /\bcreateActor\(/.test(text))).toEqual([
      "actors/live_actor.ts",
    ]);
  });

  test("each infrastructure package has its one room", () => {
    const homes: Record<string, RegExp> = {
      ws: /^(gateway|drills|bench)\//,
      jose: /^gateway\/auth\//,
      kysely: /^db\/sql\//,
      mysql2: /^(db\/sql|drills)\//,
      ioredis: /^(db\/redis|drills|bench)\//,
      "node:sqlite": /^(db\/embedded\/sqlite_file\.ts|drills\/)/,
      "prom-client": /^supervisors\/business_metrics\.ts/,
      xstate: /^actors\/|^channels\//,
      sharp: /^(assets|bench)\//,
    };
    const wrong = product.flatMap(({ path, packages }) =>
      packages
        .map((name) => (name.startsWith("node:") ? name : name.split("/")[0]!))
        .filter((name) => homes[name] !== undefined && !homes[name].test(path))
        .map((name) => `${path}: ${name}`)
    );
    expect(wrong).toEqual([]);
  });

  test("time and chance come from their ports", () => {
    const direct =
      /\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval)\b|new Date\(\)/;
    const rooms = ["actors", "feed", "channels", "gateway", "db", "supervisors", "protocol"];
    const wrong = offending(
      product,
      ({ path, text }) => rooms.includes(roomOf(path)) && direct.test(withoutComments(text)),
    );
    expect(wrong).toEqual([]);
  });

  test("machines, rules and plans are pure", () => {
    const impure = /\basync\b|\bawait\b|clock\.(?!ts)|from "node:/;
    const wrong = offending(
      product,
      ({ path, text }) =>
        /_(machine|rules|plan)\.ts$/.test(path) && impure.test(withoutComments(text)),
    );
    expect(wrong).toEqual([]);
  });

  test("a file says what it is, and stays small", () => {
    const long = offending(
      product,
      ({ path, text }) => path !== "protocol/golazo_codec.ts" && text.split("\n").length > 320,
    );
    expect(long).toEqual([]);
    const silent = offending(
      files,
      ({ path, text }) => !/^(\/\/ [^\n]*\n)?\/\*\*/.test(text) && !path.endsWith(".test.ts"),
    );
    expect(silent).toEqual([]);
  });

  test("no file is left that nothing uses", () => {
    const used = new Set(files.flatMap(({ imports }) => imports));
    const tasks = readFileSync(join(ROOT, "deno.json"), "utf8");
    const isEntry = (path: string) =>
      path === "mod.ts" || tasks.includes(path) ||
      /(^|\/)mod\.ts$|vitest\.config\.ts$/.test(path) || /^(drills|bench)\//.test(path) ||
      files.some(({ text }) => text.includes(`${path.split("/").at(-1)}"`));
    const dead = offending(product, ({ path }) => !used.has(path) && !isEntry(path));
    expect(dead).toEqual([]);
  });

  test("the documents name what exists", () => {
    const missing = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].flatMap((document) => {
      const text = readFileSync(join(ROOT, document), "utf8");
      const named = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)\)|`([a-z_]+\/[\w./-]*\.\w+)`/g)]
        .map((match) => (match[1] ?? match[2])!);
      return named
        .filter((path) => !path.startsWith("data/") && !existsSync(join(ROOT, path)))
        .map((path) => `${document}: ${path}`);
    });
    expect(missing).toEqual([]);
  });

  test("dependencies are pinned exactly", () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, "package.json"), "utf8"),
    );
    const loose = Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)));
    expect(loose).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
}
