import { beforeEach, expect, test } from "vitest";
import type { CommandAsk } from "../../actors/ports/settlements.ts";
import { ask } from "../../feed/feed_test_kit.ts";
import { settlementCommandRoutes } from "./settlement_command_routes.ts";

const PATH = "/api/ops/settlements/arg-fra";

let asked: CommandAsk[];
let changed: string[];
beforeEach(() => ([asked, changed] = [[], []]));

const routes = settlementCommandRoutes({
  settlements: {
    latest: () => Promise.resolve(null),
    chunks: () => Promise.resolve([]),
    command(_, command) {
      asked.push(command);
      return Promise.resolve(
        command.command === "resume"
          ? { outcome: "refused", code: "notHeld", reason: "it is not held" }
          : { outcome: "done", run: 1 },
      );
    },
  },
  verifyToken: () => Promise.resolve({ refused: "malformed" }),
  knows: (matchId) => Promise.resolve(matchId === "arg-fra"),
  changed: (matchId) => void changed.push(matchId),
});
const post = (command: string, body: unknown = {}) =>
  ask(routes, "POST", `${PATH}/${command}`, { body });

test("a command is given on with who said it and why, and who settles is nudged", async () => {
  expect(await post("hold", { reason: "a verdict" })).toMatchObject({
    status: 200,
    json: { matchId: "arg-fra", outcome: "done", run: 1 },
  });
  await post("void", { market: "possession", reason: "no figure" });
  expect(asked).toEqual([
    { command: "hold", by: "operator", reason: "a verdict" },
    { command: "void", by: "operator", reason: "no figure", market: "possession" },
  ]);
  expect(changed).toEqual(["arg-fra", "arg-fra"]);
});

test.each([
  ["hold", {}, 422, "malformed"],
  ["hold", { reason: "x".repeat(501) }, 422, "malformed"],
  ["again", { reason: 7 }, 422, "malformed"],
  ["void", { reason: "no figure" }, 422, "malformed"],
  ["void", { reason: "no figure", market: "corners" }, 422, "malformed"],
  ["resume", {}, 409, "notHeld"],
])("%s with %j is refused", async (command, body, status, code) => {
  const reply = await post(command, body);
  expect([reply.status, reply.json.code]).toEqual([status, code]);
  expect(changed).toEqual([]);
});

test("a match that nobody knows has no settlement to command", async () => {
  const reply = await ask(routes, "POST", "/api/ops/settlements/no-match/settle", { body: {} });
  expect([reply.status, reply.json.code, asked]).toEqual([404, "unknownMatch", []]);
  expect((await ask(routes, "GET", PATH)).json.code).toBe("noRun");
});
