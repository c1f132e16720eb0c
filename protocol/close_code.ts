/**
 * Why a socket was closed, and whether its client should come back.
 *
 * The range is the answer, so a client of today does the right thing with a
 * code of tomorrow: 4000 to 4499 come back, 4500 to 4999 do not. Codes below
 * are the network's, a proxy's or a browser's; they say nothing about the
 * client, so it comes back after them too.
 */

export const closeCode = {
  /** Too many bytes waited for this socket; it resumes where it was. */
  slow: 4008,
  /** No room for a newcomer now. */
  busy: 4013,
  /** This process is going; another one has room. */
  draining: 4014,
  /** The same instance connected again. */
  replaced: 4501,
  /** The device opened more instances than allowed; this was the oldest. */
  tooManyInstances: 4502,
  /** The token is not valid: get another one first. */
  badToken: 4503,
  banned: 4504,
  /** The client does not speak this contract. */
  protocol: 4505,
} as const;

export type CloseCode = (typeof closeCode)[keyof typeof closeCode];

export function comesBack(code: number): boolean {
  return code < 4500;
}
