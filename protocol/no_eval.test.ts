/**
 * The client's half of the protocol runs where a mini app runs: an engine with
 * ECMAScript's built-ins and nothing of the web, and with eval forbidden.
 */
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

/** Everything at once: 10 packets of 1,200 bytes. A client that only speaks protobuf bundles half. */
const GZIP_BYTES_MAX = 16_000;

const SOURCE = `
  export * from "./golazo_codec.ts";
  export * from "./json_mapping.ts";
  export * from "./frames.ts";
  export * from "./channel_name.ts";
  export * from "./close_code.ts";
`;

const SCENE = `(() => {
  const text = "Müller ⚽";
  const bytes = protocol.encodeClientFrame({ chatSend: { text } });
  const batch = new Uint8Array([...protocol.encodeServerFrame({ reply: { reason: text } }), 42, 0]);
  const frames = protocol.splitServerFrames(batch);
  let refusal = "";
  try { protocol.decodeClientFrame(bytes.subarray(0, 9)); } catch (error) { refusal = error.name; }
  return {
    text: protocol.decodeClientFrame(bytes).chatSend.text,
    json: protocol.fromJson("ClientFrame", { chat_send: { text } }).chatSend.text,
    frames: frames.map(protocol.serverFrameName).join(),
    reason: frames[0].reply.reason,
    channel: protocol.parseChannel("match:arg-fra-2022").id,
    back: protocol.comesBack(protocol.closeCode.draining),
    refusal,
  };
})()`;

test("the protocol loads and works without eval, TextDecoder or URL", async () => {
  const { outputFiles } = await build({
    stdin: { contents: SOURCE, resolveDir: fileURLToPath(new URL("./", import.meta.url)) },
    bundle: true,
    format: "iife",
    globalName: "protocol",
    minify: true,
    write: false,
  });
  const code = outputFiles[0]!.contents;

  const bare = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
  const missing = "[typeof TextDecoder, typeof TextEncoder, typeof URL, typeof atob].join()";
  expect(vm.runInContext(missing, bare)).toBe("undefined,undefined,undefined,undefined");
  expect(() => vm.runInContext("new Function('return 1')()", bare)).toThrow(/Code generation/);

  vm.runInContext(new TextDecoder().decode(code), bare);
  expect({ ...vm.runInContext(SCENE, bare) }).toEqual({
    text: "Müller ⚽",
    json: "Müller ⚽",
    frames: "reply,ping",
    reason: "Müller ⚽",
    channel: "arg-fra-2022",
    back: true,
    refusal: "ProtocolError",
  });

  const zipped = gzipSync(code).length;
  console.log(`protocol: ${code.length} bytes minified, ${zipped} with gzip`);
  expect(zipped).toBeLessThanOrEqual(GZIP_BYTES_MAX);
});
