/**
 * A phone's line in front of a gateway: passes on what the gateway sends at so
 * many bytes a second, and reads no more of it than it may pass on.
 */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

const EVERY_MS = 50;

export interface SlowLine {
  /** `http://127.0.0.1:<port>` */
  address: string;
  close(): void;
}

export async function openSlowLine(to: string, bytesPerSecond: number): Promise<SlowLine> {
  const port = Number(new URL(to).port);
  const most = Math.floor(bytesPerSecond * EVERY_MS / 1_000);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.on("data", (bytes) => far.write(bytes));
    far.pause();
    const timer = setInterval(() => {
      const bytes = far.read(Math.min(most, far.readableLength)) ?? far.read(0);
      if (bytes !== null) near.write(bytes);
    }, EVERY_MS);
    const end = () => {
      clearInterval(timer);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", end).on("error", end);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
