import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LONG } from "./slow_tests_order.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOREIGN = /^(node_modules|data|artefacts|\.)/;

test("every file that starts early is there", () => {
  const rooms = readdirSync(ROOT).filter((name) => !FOREIGN.test(name) && !name.includes("."));
  const files = rooms
    .filter((room) => room !== "LICENSE")
    .flatMap((room) => readdirSync(`${ROOT}/${room}`, { recursive: true }) as string[]);
  const names = new Set(files.map((path) => basename(path)));
  expect(LONG.filter((name) => !names.has(name))).toEqual([]);
});
