/**
 * The operator's token of a development server.
 *
 * Made at the first start, kept beside the data with rights for its owner only,
 * so that a newcomer can be an operator without setting anything up. Production
 * has tokens with a role instead.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, reasonOf } from "../runtime/failure.ts";
import { type Random, randomId } from "../runtime/random.ts";

const NAME = "operator.token";

/** @throws {Failure} `operatorTokenUnreadable`. */
export function operatorToken(folder: string, random: Random): string {
  const path = join(folder, NAME);
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOENT") {
      throw new Failure(
        "operatorTokenUnreadable",
        `Cannot read the operator's token in ${path}: ${
          reasonOf(error)
        }; make it readable or remove it`,
      );
    }
  }
  const token = randomId(random, 32);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}
