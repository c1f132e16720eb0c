import { expect, test } from "vitest";
import { limits } from "../../runtime/limits.ts";
import { SimulatedClock } from "../../runtime/simulated_clock.ts";
import { rememberTokens } from "./known_tokens.ts";
import type { TokenVerdict } from "./pass.ts";

function open(lifeMs = Number.POSITIVE_INFINITY) {
  const clock = new SimulatedClock();
  const asked: string[] = [];
  const expiresAt = clock.now() + lifeMs;
  const verify = rememberTokens((token): Promise<TokenVerdict> => {
    asked.push(token);
    const verdict: TokenVerdict = token.startsWith("bad")
      ? { refused: "badSignature" }
      : { subject: token, role: "fan", expiresAt };
    return Promise.resolve(verdict);
  }, clock);
  return { clock, asked, verify };
}

test("a good token is checked once, a bad one each time", async () => {
  const { asked, verify } = open();
  for (const token of ["ana", "bad", "bea", "ana", "bad", "bea"]) await verify(token);
  expect(asked).toEqual(["ana", "bad", "bea", "bad"]);
  expect(await verify("ana")).toMatchObject({ subject: "ana" });
  expect(await verify("bad")).toEqual({ refused: "badSignature" });
});

test("it is checked again when keys are, and when it ends", async () => {
  const lasting = open();
  await lasting.verify("ana");
  await lasting.clock.advance(limits.keysAgeMsMax - 1);
  await lasting.verify("ana");
  expect(lasting.asked).toHaveLength(1);
  await lasting.clock.advance(1);
  await lasting.verify("ana");
  expect(lasting.asked).toHaveLength(2);

  const brief = open(1_000);
  await brief.verify("ana");
  await brief.clock.advance(1_000 + limits.tokenSkewMs);
  await brief.verify("ana");
  expect(brief.asked).toHaveLength(2);
});

test("no more are known than sockets fit", async () => {
  const { asked, verify } = open();
  for (let fan = 0; fan <= limits.tokensKnownMax; fan++) await verify(`fan ${fan}`);
  asked.length = 0;
  await verify(`fan ${limits.tokensKnownMax}`);
  await verify("fan 0");
  expect(asked).toEqual(["fan 0"]);
});
