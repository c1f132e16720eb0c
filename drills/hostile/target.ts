/**
 * What is attacked: a port, its counters, its memory.
 */

/** A counter by what it counts: the reason of a refusal, the code of a close. */
export type Counter = { refused: string } | { closed: number };

export interface Target {
  /** Of the public listener, at 127.0.0.1. */
  port: number;
  count(counter: Counter): Promise<number>;
  /** Sockets it holds. */
  connections(): Promise<number>;
  /** That the kernel counts as its own. */
  memoryBytes(): Promise<number>;
  /** Asks it to end, and answers its exit code. */
  stop(): Promise<number | null>;
}

/** A real server, read by its admin listener's metrics. */
export function serverTarget(
  address: string,
  adminAddress: string,
  stop: () => Promise<number | null>,
): Target {
  const read = async (name: string): Promise<number> => {
    const text = await (await fetch(`${adminAddress}/metrics`)).text();
    const line = text.split("\n").find((one) => one.startsWith(`${name} `));
    // A series comes into being when it is first counted.
    return line === undefined ? 0 : Number(line.slice(name.length));
  };
  return {
    port: Number(new URL(address).port),
    count: (counter) =>
      "refused" in counter
        ? read(`golazo_refused_total{reason="${counter.refused}"}`)
        : read(`golazo_closed_total{code="${counter.closed}"}`),
    connections: () => read("golazo_connections"),
    memoryBytes: () => read("process_resident_memory_bytes"),
    stop,
  };
}
