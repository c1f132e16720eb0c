import { describe, expect, test } from "vitest";
import { openTestGateway } from "../gateway/testing/test_gateway.ts";
import type { Route } from "../runtime/http_route.ts";
import { limits } from "../runtime/limits.ts";
import { quickHttpRows } from "./hostile/http_rows.ts";
import { runHostileRow } from "./hostile/row.ts";
import { PAGE, quickSocketRows } from "./hostile/socket_rows.ts";
import type { Target } from "./hostile/target.ts";

/** Reads its body as the feed's door does. */
const feed: Route = {
  method: "POST",
  path: "/api/feed/:provider",
  answer: async (request) => ({
    status: 200,
    body: String((await request.body(limits.intakeBodyBytesMax)).length),
  }),
};

describe("attacks that are over at once, on a gateway in this process", () => {
  test.each([...quickHttpRows, ...quickSocketRows])("$name: $outcome", async (row) => {
    const settings = { development: false, origins: [PAGE] };
    await using gateway = await openTestGateway({ settings, routes: [feed] });
    const { port, events } = gateway;
    const target: Target = {
      port,
      count(counter) {
        const line = "refused" in counter
          ? new RegExp(`^requestRefused \\w+ ${counter.refused}$`)
          : new RegExp(`^socketClosed ${counter.closed}$`);
        return Promise.resolve(events.filter((event) => line.test(event)).length);
      },
      // The attacker lives in the same process; memory is the drill's to look at.
      memoryBytes: () => Promise.resolve(0),
      connections: () => Promise.resolve(gateway.gateway.connections()),
      stop: () => Promise.resolve(null),
    };
    expect(await runHostileRow(row, target)).toEqual([]);
  });
});
