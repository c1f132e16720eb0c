/**
 * The SDK's platform in a browser: WebSocket, fetch, localStorage, page events.
 *
 * A page that is put away keeps a socket that nobody hears, and blocks the
 * back/forward cache with it; so it is closed at pagehide and opened again at
 * pageshow. A tab in the background keeps its socket: its title shows the score.
 */
import type {
  Attention,
  ClientPlatform,
  HttpAnswer,
  HttpQuestion,
  Transport,
  TransportEvents,
} from "./client_platform.ts";

export function browserPlatform(): ClientPlatform {
  return {
    openTransport,
    request,
    now: () => Date.now(),
    after(delayMs, task) {
      const id = setTimeout(task, delayMs);
      return () => clearTimeout(id);
    },
    fraction: () => Math.random(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    load,
    store,
    watchAttention,
  };
}

function openTransport(url: string, subprotocol: string, events: TransportEvents): Transport {
  const socket = new WebSocket(url, subprotocol);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => events.opened();
  socket.onmessage = ({ data }) => events.received(new Uint8Array(data as ArrayBuffer));
  socket.onclose = ({ code }) => events.closed(code);
  return {
    send(bytes) {
      // A closing socket throws nothing away that the resume would not bring.
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes as Uint8Array<ArrayBuffer>);
    },
    close: () => socket.close(),
  };
}

async function request({ method, path, token, body, file }: HttpQuestion): Promise<HttpAnswer> {
  const headers: Record<string, string> = {};
  if (token !== "") headers["authorization"] = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const reply = await fetch(path, {
    ...{ method, headers },
    body: body ?? file as Uint8Array<ArrayBuffer> | undefined,
  });
  // A proxy's own error page is no JSON, and no news either.
  const value = await reply.json().catch(() => null);
  const retryAfterMs = Number(reply.headers.get("retry-after") ?? 0) * 1_000 || 0;
  return { status: reply.status, value, retryAfterMs };
}

/** Storage may be forbidden; then every visit is a new device. */
function load(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Forbidden or full, see `load`.
  }
}

function watchAttention({ rest, wake, hide }: Attention): void {
  addEventListener("offline", rest);
  addEventListener("pagehide", rest);
  addEventListener("online", wake);
  addEventListener("pageshow", wake);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
    else hide();
  });
}
