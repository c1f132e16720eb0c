import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeBodiesContract } from "../contract/bodies.contract.ts";
import { SqliteBodies } from "./sqlite_bodies.ts";
import { SqliteFile } from "./sqlite_file.ts";
import { temporaryFolder } from "./temporary_folder.ts";

function open() {
  const folder = temporaryFolder();
  const file = new SqliteFile(folder.path("bodies.db"), { synchronous: "off" });
  return {
    bodies: new SqliteBodies(file),
    folder,
    close: () => {
      file.close();
      folder.remove();
      return Promise.resolve();
    },
  };
}

describeBodiesContract("SqliteBodies", () => Promise.resolve(open()));

test("a removed body is in none of the store's files, while it is open", async () => {
  const { bodies, folder, close } = open();
  const files = () =>
    readdirSync(folder.path(".")).map((name) =>
      readFileSync(join(folder.path("."), name)).toString("latin1")
    ).join();
  for (let at = 0; at < 100; at++) {
    await bodies.put("a", `k${at}`, new TextEncoder().encode(`marker-${at}-`.repeat(20)));
  }
  expect(files()).toContain("marker-7-");
  await bodies.remove("a", Array.from({ length: 50 }, (_, at) => `k${at}`));
  expect(files()).not.toContain("marker-7-");
  expect(files()).toContain("marker-70-");
  await close();
});
