/**
 * The SDK's core must load and work where a mini app runs it: ES built-ins
 * alone, no code from strings, no DOM, no TextDecoder, syntax of ES2018.
 */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodeServerFrame } from "../../protocol/golazo_codec.ts";

/** Codec and core together, over the wire; the second with predictions. */
const FACES = [
  { face: "GolazoClient, MatchStore, matchChannel, minuteLabel", gzipBytesMax: 12.5 * 1024 },
  {
    face: "GolazoClient, MatchStore, matchChannel, minuteLabel, FanApi, guestTokens, " +
      "PredictionBook, PredictionStore, BoardStore, predictionChannel, leaderboardChannel",
    gzipBytesMax: 15 * 1024,
  },
] as const;

async function bundle(face: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${face} } from "./mod.ts";`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "golazo",
    target: "es2018",
    legalComments: "none",
    write: false,
  });
  return outputFiles[0]!.text;
}

/** Runs inside: answers what the listener saw of a snapshot and an annulled goal. */
const SCRIPT = `(function (messages) {
  var events;
  var client = new golazo.GolazoClient({ url: "wss://golazo.test/ws", platform: {
    openTransport: function (url, subprotocol, given) {
      events = given;
      return { send: function () {}, close: function () {} };
    },
    now: function () { return 1; },
    after: function () { return function () {}; },
    fraction: function () { return 0.5; },
    randomBytes: function (count) { return new Uint8Array(count); },
    load: function () { return null; },
    store: function () {},
    watchAttention: function () {},
  } });
  var seen = [];
  var store = new golazo.MatchStore(null, function () {
    var score = store.picture.state.score;
    seen.push(store.picture.home.name + " " + score.home + ":" + score.away);
  });
  client.subscribe(golazo.matchChannel("arg-fra"), store.receive);
  client.connect();
  events.opened();
  for (var i = 0; i < messages.length; i++) events.received(Uint8Array.from(messages[i]));
  return seen.concat(client.state.status).join(", ");
})`;

test("the SDK loads and follows a match without anything of a browser", async () => {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  runInContext(await bundle(FACES[1].face), context);
  const messages = [
    encodeServerFrame({ welcome: { serverTime: 5, pingEveryMs: 25_000, pongWithinMs: 10_000 } }),
    encodeServerFrame({
      subscribed: {
        channel: "match:arg-fra",
        number: 1,
        offset: 4,
        epoch: "e1",
        match: { home: { name: "Müller ⚽" }, state: { score: { home: 2, away: 1 } } },
      },
    }),
    encodeServerFrame({
      publication: { channel: 1, offset: 5, goal: { kind: "annulled", home: 1, away: 1 } },
    }),
  ].map((bytes) => [...bytes]);
  const seen = runInContext(SCRIPT, context)(messages);
  expect(seen).toBe("Müller ⚽ 2:1, Müller ⚽ 1:1, live");
});

test.each(FACES)("the SDK stays small: $face", async ({ face, gzipBytesMax }) => {
  expect(gzipSync(await bundle(face), { level: 9 }).length).toBeLessThan(gzipBytesMax);
});
