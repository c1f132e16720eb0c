import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestGateway, type TestGateway } from "../gateway/testing/test_gateway.ts";
import { frameCases, handshakeCases, runFrameCase, runHandshakeCase } from "./rfc6455.ts";

let gateway: TestGateway;
beforeAll(async () => void (gateway = await openTestGateway()));
afterAll(() => gateway[Symbol.asyncDispose]());

const modes = [{ slowly: false, how: "whole" }, { slowly: true, how: "byte by byte" }];

describe.concurrent.each(modes)("RFC 6455, $how", ({ slowly }) => {
  test.each(frameCases)("$section $name", async (one) => {
    const match = `m${Math.abs(hash(one.name + slowly))}`;
    const channel = gateway.source.match(match);
    const publish = () => channel.event("x".repeat(channel.top % 300)).offset!;
    const served = { port: gateway.port, channel: `match:${match}`, publish };
    expect(await runFrameCase(one, served, { slowly })).toEqual([]);
  });

  test.each(handshakeCases)("$section $name", async (one) => {
    expect(await runHandshakeCase(one, gateway.port, { slowly })).toEqual([]);
  });
});

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
}
