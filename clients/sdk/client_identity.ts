/**
 * Who connects: one id an installation, one an app start.
 *
 * The server closes the older of two sockets with the same pair, so a half-open
 * one that the device has long forgotten does not count against its owner. The
 * ids are random and never derived from the device.
 */
import type { ClientPlatform } from "./client_platform.ts";

const DEVICE_KEY = "golazo.device";
const ALPHABET = "0123456789abcdefghijklmnopqrstuv";

export interface ClientIdentity {
  deviceId: string;
  instanceId: string;
}

export function clientIdentity(platform: ClientPlatform): ClientIdentity {
  let deviceId = platform.load(DEVICE_KEY);
  if (!deviceId) {
    deviceId = randomId(platform);
    platform.store(DEVICE_KEY, deviceId);
  }
  return { deviceId, instanceId: randomId(platform) };
}

/** 16 characters of 5 bits: 80 bits. */
export function randomId(platform: ClientPlatform): string {
  let id = "";
  for (const byte of platform.randomBytes(16)) id += ALPHABET[byte & 31];
  return id;
}
