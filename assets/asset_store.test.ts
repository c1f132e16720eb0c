import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TemporaryFolder, temporaryFolder } from "../db/embedded/temporary_folder.ts";
import { AssetStore } from "./asset_store.ts";

let temporary: TemporaryFolder;
let folder: string;
beforeEach(() => {
  temporary = temporaryFolder();
  folder = temporary.path("assets");
});
afterEach(() => temporary.remove());

const bytes = (text: string) => new TextEncoder().encode(text);

/** A build of one file that says `text`. @returns the file's name. */
async function build(text: string, { isKilled = false } = {}): Promise<string> {
  const store = await AssetStore.open(folder);
  const file = await store.put("file", "txt", bytes(text));
  const image = { file, bytes: text.length, width: 1, height: 1, encoding: "none" };
  if (!isKilled) {
    const manifest = bytes(JSON.stringify({ version: text, file }));
    await store.commit(text, manifest, [file], { [text]: [image] });
  }
  await store.close();
  return file;
}

const there = () => readdirSync(folder).filter((name) => name.startsWith("file"));

describe("AssetStore", () => {
  test("keeps the files of two manifests, and of no third", async () => {
    const names = [await build("a"), await build("b")];
    expect(there().sort()).toEqual(names.toSorted());
    const third = await build("c");
    expect(there().sort()).toEqual([names[1]!, third].sort());
    // The same once more: still these two.
    await build("c");
    expect(there().sort()).toEqual([names[1]!, third].sort());
    // Back to one before: its file is that of then.
    expect(await build("b")).toBe(names[1]);
    expect(there().sort()).toEqual([names[1]!, third].sort());
  });

  test("a build that does not commit leaves nothing and touches nothing", async () => {
    const file = await build("a");
    const manifest = readFileSync(`${folder}/manifest.json`, "utf8");
    await build("b", { isKilled: true });
    expect(there()).toEqual([file]);
    expect(readFileSync(`${folder}/manifest.json`, "utf8")).toBe(manifest);
    expect(readdirSync(folder).filter((name) => /aside|building/.test(name))).toEqual([]);
  });

  test("state that ran ahead of its manifest names what is served all the same", async () => {
    const [a, b] = [await build("a"), await build("b")];
    const served = readFileSync(`${folder}/manifest.json`);
    await build("c");
    // Killed between state and manifest: b is what is served.
    await build("b");
    writeFileSync(`${folder}/manifest.json`, served);
    await build("d", { isKilled: true });
    expect(there()).toContain(b);
    expect(there()).not.toContain(a);
  });

  test("removes nothing under a manifest that it knows nothing of", async () => {
    const [a, b] = [await build("a"), await build("b")];
    writeFileSync(`${folder}/.state.json`, "damaged");
    await build("c", { isKilled: true });
    expect(there()).toEqual(expect.arrayContaining([a, b]));
  });

  test("takes over what was made, as long as it is whole", async () => {
    const file = await build("a");
    const store = await AssetStore.open(folder);
    expect(await store.made("a")).toMatchObject([{ file }]);
    expect(await store.made("b")).toBeNull();
    writeFileSync(`${folder}/${file}`, "damaged");
    expect(await store.made("a")).toBeNull();
    await store.close();
  });

  test("lets one build in at a time; one that died is no hindrance", async () => {
    const store = await AssetStore.open(folder);
    await expect(AssetStore.open(folder)).rejects.toMatchObject({ code: "cannotWrite" });
    await store.close();
    writeFileSync(`${folder}/.building`, "999999999");
    await build("a");
    expect(existsSync(`${folder}/.building`)).toBe(false);
  });

  test("names what it cannot write", async () => {
    writeFileSync(folder, "a file where the folder should be");
    await expect(AssetStore.open(folder)).rejects.toMatchObject({
      code: "cannotWrite",
      message: expect.stringContaining(folder),
    });
  });
});
