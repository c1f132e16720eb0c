import { expect, test } from "vitest";
import { clientAddress } from "./client_address.ts";

const addressOf = clientAddress(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);

test.each([
  ["a stranger is believed nothing", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
  ["a proxy is believed", "10.0.0.5", "198.51.100.1", "198.51.100.1"],
  ["what stands before the client is hearsay", "10.0.0.5", "1.2.3.4, 198.51.100.1", "198.51.100.1"],
  ["a chain of proxies", "10.0.0.5", "198.51.100.1, 10.9.9.9", "198.51.100.1"],
  ["nothing forwarded", "10.0.0.5", null, "10.0.0.5"],
  ["only proxies", "10.0.0.5", "10.1.1.1", "10.1.1.1"],
  ["no address", "10.0.0.5", "unknown", "10.0.0.5"],
  ["IPv4 in IPv6", "::ffff:127.0.0.1", "2001:db8::7", "2001:db8::7"],
  ["IPv6", "fd00::1", "2001:db8::7", "2001:db8::7"],
])("clientAddress: %s", (_name, peer, forwardedFor, client) => {
  expect(addressOf(peer, forwardedFor)).toBe(client);
});

test.each(["proxy", "10.0.0.0/33", "10.0.0.0/x", "::1/129", ""])(
  "clientAddress refuses to trust %s",
  (entry) => {
    expect(() => clientAddress([entry])).toThrow(/needed an address or a network/);
  },
);
