import { describe, expect, test } from "vitest";
import type { ClientFrameName } from "../../protocol/frames.ts";
import { silentEvents } from "../../runtime/business_events.ts";
import { Fan } from "../testing/fan.ts";
import { openTestGateway } from "../testing/test_gateway.ts";
import type { CommandDesk } from "../command_router.ts";
import type { Pass, Role } from "./pass.ts";
import { forbidden } from "./permissions.ts";

const ROLES: Role[] = ["anonymous", "fan", "moderator", "operator", "feeder"];

/** Written out, so that nobody changes the rules by changing one list. */
const MAY: Record<string, string> = {
  //                anonymous fan moderator operator feeder
  "subscribe match:m1": "yes yes yes yes yes",
  "subscribe prediction:m1": "yes yes yes yes yes",
  "subscribe prediction:global": "yes yes yes yes yes",
  "subscribe leaderboard:b1": "yes yes yes yes yes",
  "subscribe chat:room:r1": "yes yes yes yes yes",
  "subscribe trending:global": "yes yes yes yes yes",
  "subscribe assets:manifest": "yes yes yes yes yes",
  "subscribe nonsense": "yes yes yes yes yes",
  "subscribe user:ana": "no yes yes yes yes",
  "subscribe user:bea": "no no no no no",
  track: "yes yes yes yes yes",
  unsubscribe: "yes yes yes yes yes",
  predict: "no yes yes yes no",
  chatSend: "no yes yes yes no",
  react: "no yes yes yes no",
  moderate: "no yes yes yes no",
  refresh: "yes yes yes yes yes",
  attention: "yes yes yes yes yes",
};

describe("forbidden", () => {
  for (const [what, words] of Object.entries(MAY)) {
    test.each(ROLES.map((role, index) => [what, role, words.split(" ")[index]]))(
      "%s by %s: %s",
      (what, role, may) => {
        const [name, channel = ""] = what!.split(" ") as [ClientFrameName, string?];
        const actor = { subject: role === "anonymous" ? "" : "ana", role: role as Role };
        const frame = { [name]: { id: 7, channel } };
        const reply = forbidden(actor, name, frame, silentEvents);
        expect(reply === null ? "yes" : "no").toBe(may);
        const code = role === "anonymous" && name !== "subscribe" ? "signIn" : "forbidden";
        if (reply !== null) expect(reply).toMatchObject({ id: 7, code });
      },
    );
  }
});

test("a frame that is forbidden reaches no desk and no channel, and is counted", async () => {
  const seen: string[] = [];
  const desk = (name: string): CommandDesk<"moderate"> => (_, { role }) => {
    seen.push(`${name} by ${role}`);
    return Promise.resolve({ code: "ok" });
  };
  await using gateway = await openTestGateway({
    desks: { moderate: desk("moderate"), predict: desk("predict") as never },
    verifyToken: (token) => Promise.resolve({ subject: "ana", role: token as Pass["role"] }),
  });
  const anonymous = await Fan.enter(gateway.port);
  anonymous.send({ predict: { id: 1 } });
  expect(await anonymous.next("reply")).toMatchObject({
    id: 1,
    code: "signIn",
    reason: "Cannot predict: needed fan, moderator or operator, found anonymous",
  });
  const fan = await Fan.enter(gateway.port, { token: "fan" });
  fan.send({ subscribe: { id: 3, channel: "user:bea" } });
  expect(await fan.next("reply")).toMatchObject({ id: 3, code: "forbidden" });
  const feeder = await Fan.enter(gateway.port, { token: "feeder" });
  feeder.send({ moderate: { id: 2 } });
  expect(await feeder.next("reply")).toMatchObject({ id: 2, code: "forbidden" });
  const moderator = await Fan.enter(gateway.port, { token: "moderator" });
  moderator.send({ moderate: { id: 4 } });
  expect(await moderator.next("reply")).toMatchObject({ id: 4, code: "ok" });
  expect(seen).toEqual(["moderate by moderator"]);
  expect(gateway.source.opened.size).toBe(0);
  const refusals = gateway.events.filter((line) => line.startsWith("requestRefused"));
  expect(refusals).toEqual([
    "requestRefused socket signIn",
    "requestRefused socket forbidden",
    "requestRefused socket forbidden",
  ]);
  expect(fan.closedWith).toBe(null);
});
