/**
 * Where avatars stand: images named by a hash, and beside them which are whose.
 *
 * The name follows from the user and the bytes: the same name is the same image
 * for ever, and to remove one user's never takes another's. Images are there
 * before the record that names them. The folder is shared by all gateways: a
 * network folder, or one gateway that a proxy sends `/assets/avatars/*` to.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Avatar } from "../../actors/ports/avatars.ts";
import { type Random, randomId } from "../../runtime/random.ts";

const NAME = /^[0-9a-f]{32}\.webp$/;
/** Which images are whose. */
const RECORDS = "of";

export class AvatarShelf {
  readonly #folder: string;
  readonly #random: Random;

  constructor(folder: string, random: Random) {
    this.#folder = folder;
    this.#random = random;
  }

  async put(user: string, images: Record<64 | 128, Uint8Array>): Promise<Avatar> {
    await mkdir(join(this.#folder, RECORDS), { recursive: true });
    const before = await this.of(user);
    const avatar = {
      64: await this.#writeImage(user, images[64]),
      128: await this.#writeImage(user, images[128]),
    };
    await this.#write(this.#recordPath(user), JSON.stringify(avatar));
    const kept = Object.values(avatar);
    await this.#removeImages(Object.values(before ?? {}).filter((name) => !kept.includes(name)));
    return avatar;
  }

  async of(user: string): Promise<Avatar | null> {
    try {
      return JSON.parse(await readFile(this.#recordPath(user), "utf8"));
    } catch (thrown) {
      if ((thrown as { code?: string }).code === "ENOENT") return null;
      throw thrown;
    }
  }

  /** The images first: where this ends between the two it is done again. */
  async remove(user: string): Promise<Avatar | null> {
    const avatar = await this.of(user);
    if (avatar === null) return null;
    await this.#removeImages(Object.values(avatar));
    await rm(this.#recordPath(user), { force: true });
    return avatar;
  }

  async #removeImages(names: string[]): Promise<void> {
    for (const name of names) await rm(join(this.#folder, name), { force: true });
  }

  async #writeImage(user: string, bytes: Uint8Array): Promise<string> {
    const name = `${hashOf(`${user}\n`, bytes)}.webp`;
    await this.#write(join(this.#folder, name), bytes);
    return name;
  }

  /** Whole or not at all, also where two write the same. */
  async #write(path: string, content: Uint8Array | string): Promise<void> {
    const aside = `${path}.${randomId(this.#random)}`;
    await writeFile(aside, content);
    await rename(aside, path);
  }

  /** A user's name may be no file's. */
  #recordPath(user: string): string {
    return join(this.#folder, RECORDS, `${hashOf(user)}.json`);
  }
}

export function isAvatarName(name: string): boolean {
  return NAME.test(name);
}

function hashOf(...parts: (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 32);
}
