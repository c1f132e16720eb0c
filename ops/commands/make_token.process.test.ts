import { expect, test } from "vitest";
import { Fan } from "../../gateway/testing/fan.ts";
import { programs } from "../../supervisors/main_test_kit.ts";

const { start, folder } = programs();
const PROGRAM = "ops/commands/make_token.ts";
const settings = { GOLAZO_DATA: folder.path("shared"), GOLAZO_REPLAY_SPEED: "0" };

test("make_token's token opens a session in its role on the server of the same folder", async () => {
  const server = start([], { settings });
  const [, address] = await server.says(/^listening (http:\S+)$/);
  const maker = start(["ana", "moderator"], { program: PROGRAM, settings });
  const [token] = await maker.says(/^eyJ\S+$/);
  expect(await maker.exitCode).toBe(0);
  const port = Number(new URL(address!).port);
  const fan = await Fan.enter(port, { token });
  expect(fan.all("welcome")).toMatchObject([{ subject: "ana", role: "moderator" }]);
  const guest = await (await fetch(`${address}/api/session`, { method: "POST" })).json();
  const second = await Fan.enter(port, { token: guest.token });
  expect(second.all("welcome")).toMatchObject([{ subject: guest.subject, role: "fan" }]);
  for (const { socket } of [fan, second]) socket.terminate();
  expect(await server.stop()).toBe(0);
});

test.each([
  [[], {}],
  [["ana", "king"], {}],
  [["ana", "fan"], { GOLAZO_JWKS_URL: "https://id.example/jwks" }],
])("make_token refuses %j with %j and says why: exit 78", async (words, more) => {
  const maker = start(words, { program: PROGRAM, settings: { ...settings, ...more } });
  expect(await maker.exitCode).toBe(78);
  expect(maker.said()).toContain("Cannot make a token: needed");
});
