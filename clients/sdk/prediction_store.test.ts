import { describe, expect, test } from "vitest";
import { startLive, subscribed } from "./scripted_client.ts";
import { BoardStore, PredictionStore } from "./prediction_store.ts";

describe("PredictionStore", () => {
  test("has what was last said from its first answer, and the latest of each from then on", () => {
    const { platform, client } = startLive();
    let changes = 0;
    const store = new PredictionStore(() => (changes += 1));
    client.subscribe("prediction:arg-fra", store.receive);
    const crowd = (market: string, fans: number) => ({ crowd: { market, fans } });
    const publications = [
      { markets: { lockAt: 9, open: ["finalScore"] } },
      crowd("finalScore", 2),
      crowd("possession", 1),
    ];
    const id = platform.socket.sent.at(-1)!.subscribe!.id;
    const channel = "prediction:arg-fra";
    const volatile = { id, channel, number: 8, epoch: "volatile", offset: 0, match: undefined };
    platform.socket.receive(subscribed({ ...volatile, publications }));
    expect(store.markets).toMatchObject({ lockAt: 9, open: ["finalScore"], suspended: false });
    platform.socket.receive(
      { publication: { channel: 8, ...crowd("finalScore", 3) } },
      { publication: { channel: 8, settlement: { phase: "chunking", chunks: 4, committed: 1 } } },
    );
    expect([...store.crowds].map(([market, { fans }]) => [market, fans])).toEqual([
      ["finalScore", 3],
      ["possession", 1],
    ]);
    expect(store.settlement).toMatchObject({ phase: "chunking", chunks: 4, committed: 1 });
    expect(changes).toBe(5);
  });

  test("keeps the board and its projection apart", () => {
    const { platform, client } = startLive();
    const store = new BoardStore(() => {});
    client.subscribe("leaderboard:arg-fra", store.receive);
    const channel = "leaderboard:arg-fra";
    platform.socket.receive(
      subscribed({ id: 2, channel, number: 9, offset: 0, match: undefined }),
      { publication: { channel: 9, projection: { fans: 4, rows: [{ points: 5, fans: 4 }] } } },
      { publication: { channel: 9, standings: { version: "v1", members: 1 } } },
    );
    expect(store.projection).toMatchObject({ fans: 4 });
    expect(store.standings).toMatchObject({ version: "v1", members: 1 });
  });
});
