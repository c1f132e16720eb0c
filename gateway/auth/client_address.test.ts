import { expect, test } from "vitest";
import { clientAddress, proxyRule, subscriberOf } from "./client_address.ts";

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

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:db8::9", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["", ""],
])("subscriberOf %s is %s", (address, subscriber) => {
  expect(subscriberOf(address)).toBe(subscriber);
});

test("proxyRule knows ours, however their address is written", () => {
  const isProxy = proxyRule(["127.0.0.1", "fd00::/8"]);
  const asked = ["::ffff:127.0.0.1", "fd00::1", "127.0.0.2", "", "unknown"];
  expect(asked.map(isProxy)).toEqual([true, true, false, false, false]);
});
