/**
 * In which order the files of slow tests start: the long ones first, so that no
 * core is idle while the last one runs.
 *
 * Vitest knows how long each took here the last time; a fresh clone knows
 * nothing, and the size of a file says nothing of how long it takes. Only the
 * order of this list counts: by seconds on two idle cores, files that compute
 * between files that wait. Whatever is not on it is short.
 */
import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

export const LONG = [
  "guard.process.test.ts",
  "sprites.process.test.ts",
  "two_fans.browser.test.ts",
  "hostile_sockets.process.test.ts",
  "frames.process.test.ts",
  "cluster.process.test.ts",
  "boot.process.test.ts",
  "newcomer.browser.test.ts",
  "start.process.test.ts",
  "mutants.process.test.ts",
  "predict_evening.browser.test.ts",
  "predict.browser.test.ts",
  "moderate_fan.browser.test.ts",
  "moderate_room.browser.test.ts",
  "chat.browser.test.ts",
  "sprites.browser.test.ts",
  "store_outage.mysql.test.ts",
  "zombie_owner.drill.test.ts",
  "kill_server.drill.test.ts",
  "mysql_loss.drill.test.ts",
  "drain.drill.test.ts",
  "bad_network.drill.test.ts",
  "lock_race.drill.test.ts",
  "settle_kill.drill.test.ts",
];

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.indexOf(basename(moduleId));
      return at < 0 ? LONG.length : at;
    };
    // Sorting is stable: the short ones stay as vitest puts them.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
