/**
 * Opening handshakes, right and wrong (RFC 6455, 4).
 */
import { HANDSHAKE } from "../raw_socket.ts";

export interface HandshakeCase {
  name: string;
  /** Of RFC 6455. */
  section: string;
  lines: string[];
  status: number;
  /** Of the problem that says why; of a 101 the subprotocol that was chosen. */
  code: string;
  /** Must stand in the head of the reply. */
  says?: string;
}

const JSON_PROTOCOL = "Sec-WebSocket-Protocol: golazo.v1.json";

/** A good handshake, with one line another or gone. */
function handshakeWith(name: string, line: string | null, request = "GET /ws HTTP/1.1"): string[] {
  const lines = [...HANDSHAKE, JSON_PROTOCOL].filter((one) => !one.startsWith(`${name}:`));
  return [request, ...lines, ...(line === null ? [] : [`${name}: ${line}`])];
}

const chosen = (code: string) => ({ status: 101, code });
const refused = (status: number, code: string, says?: string) => ({ status, code, says });
const VERSION = refused(426, "versionNeeded", "sec-websocket-version: 13");

export const handshakeCases: HandshakeCase[] = [
  {
    name: "a handshake",
    section: "4.1",
    lines: handshakeWith("X", null),
    ...chosen("golazo.v1.json"),
  },
  {
    name: "another order of tokens",
    section: "4.2.1",
    lines: handshakeWith("Connection", "keep-alive, Upgrade"),
    ...chosen("golazo.v1.json"),
  },
  {
    name: "other letters",
    section: "4.2.1",
    lines: handshakeWith("Upgrade", "WebSocket"),
    ...chosen("golazo.v1.json"),
  },
  {
    name: "a query",
    section: "3",
    lines: handshakeWith("X", null, "GET /ws?from=app HTTP/1.1"),
    ...chosen("golazo.v1.json"),
  },
  {
    name: "two subprotocols of ours: the one that is liked best",
    section: "4.2.2",
    lines: handshakeWith("Sec-WebSocket-Protocol", "golazo.v1.protobuf, golazo.v1.json"),
    ...chosen("golazo.v1.protobuf"),
  },
  {
    name: "ours among others",
    section: "4.2.2",
    lines: handshakeWith("Sec-WebSocket-Protocol", "mqtt, golazo.v1.json"),
    ...chosen("golazo.v1.json"),
  },
  {
    name: "an extension that we do not have",
    section: "9.1",
    lines: handshakeWith("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
    ...chosen("golazo.v1.json"),
  },
  {
    name: "version 7",
    section: "4.4",
    lines: handshakeWith("Sec-WebSocket-Version", "7"),
    ...VERSION,
  },
  {
    name: "version 8",
    section: "4.4",
    lines: handshakeWith("Sec-WebSocket-Version", "8"),
    ...VERSION,
  },
  {
    name: "no version",
    section: "4.4",
    lines: handshakeWith("Sec-WebSocket-Version", null),
    ...VERSION,
  },
  {
    name: "no key",
    section: "4.2.1",
    lines: handshakeWith("Sec-WebSocket-Key", null),
    ...refused(400, "malformedHandshake"),
  },
  {
    name: "a key of 15 bytes",
    section: "4.2.1",
    lines: handshakeWith("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j"),
    ...refused(400, "malformedHandshake"),
  },
  {
    name: "no upgrade",
    section: "4.2.1",
    lines: handshakeWith("Upgrade", null),
    ...refused(426, "upgradeNeeded", "upgrade: websocket"),
  },
  {
    name: "an upgrade to something else",
    section: "4.2.1",
    lines: handshakeWith("Upgrade", "h2c"),
    ...refused(400, "malformedHandshake"),
  },
  {
    name: "POST",
    section: "4.2.1",
    lines: handshakeWith("X", null, "POST /ws HTTP/1.1"),
    ...refused(405, "methodNotAllowed"),
  },
  {
    name: "an unknown subprotocol",
    section: "4.2.2",
    lines: handshakeWith("Sec-WebSocket-Protocol", "golazo.v2.json"),
    ...refused(400, "subprotocolNeeded"),
  },
  {
    name: "a subprotocol twice",
    section: "4.1",
    lines: handshakeWith("Sec-WebSocket-Protocol", "golazo.v1.json, golazo.v1.json"),
    ...refused(400, "malformedHandshake"),
  },
  {
    name: "another place",
    section: "4.2.2",
    lines: handshakeWith("X", null, "GET /socket HTTP/1.1"),
    ...refused(404, "notFound"),
  },
  {
    name: "no host",
    section: "4.2.1",
    lines: handshakeWith("Host", null),
    ...refused(400, "malformedHandshake"),
  },
];
