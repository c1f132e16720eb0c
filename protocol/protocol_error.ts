/**
 * What a peer sent, or what we were asked to send, breaks the contract.
 *
 * One error for bytes, JSON and values, so that a gateway answers all three in
 * one place and a client's mistake is never mistaken for one of ours. `path`
 * leads to the field where that is known: `hello.attempt`.
 */

export type ProtocolErrorCode =
  /** Received bytes are cut short, mangled or not of this contract. */
  | "badBytes"
  /** Received JSON has a field, a type or a value that the contract does not have. */
  | "badJson"
  /** A value that was to be encoded, or an id for a channel's name, is not allowed. */
  | "badValue";

export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;
  readonly path: string;

  constructor(code: ProtocolErrorCode, message: string, path = "") {
    super(message);
    this.code = code;
    this.path = path;
  }
}
