/**
 * Protobuf's JSON mapping of every message, through the codec's table.
 *
 * Out: lower camel case, enums as names, uint64 as decimal strings, defaults
 * left out. In: also the contract's snake case names, enums as numbers, numbers
 * as strings and null for "not set". What the contract does not have is refused
 * with its path, since it may come from anybody who can open a socket.
 * https://protobuf.dev/programming-guides/json
 */
import {
  type EnumName,
  type FieldSchema,
  type MessageInits,
  type MessageName,
  type MessageTypes,
  type ScalarName,
  schema,
} from "./golazo_codec.ts";
import { ProtocolError } from "./protocol_error.ts";

type Fields = Record<string, unknown>;

const NUMBER_MAX = { uint32: 0xffff_ffff, uint64: Number.MAX_SAFE_INTEGER };

export function toJson<N extends MessageName>(name: N, message: MessageInits[N]): Fields {
  return messageToJson(name, message as Fields);
}

/** @throws {ProtocolError} `badJson` with the path of what is not a `name`. */
export function fromJson<N extends MessageName>(name: N, value: unknown): MessageTypes[N] {
  return messageFromJson(name, value, "") as unknown as MessageTypes[N];
}

function messageToJson(name: MessageName, message: Fields): Fields {
  const json: Fields = {};
  for (const field of schema.messages[name]) {
    const value = message[field.name];
    if (value === undefined) continue;
    if (!field.repeated) {
      if (value !== zeroOf(field)) json[field.name] = valueToJson(field.type, value);
    } else if ((value as unknown[]).length > 0) {
      json[field.name] = (value as unknown[]).map((one) => valueToJson(field.type, one));
    }
  }
  return json;
}

function valueToJson(type: FieldSchema["type"], value: unknown): unknown {
  if (isMessage(type)) return messageToJson(type, value as Fields);
  return type === "uint64" ? String(value) : value;
}

function messageFromJson(name: MessageName, json: unknown, path: string): Fields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw badJson(path, `an object, a ${name}`, shown(json));
  }
  const message: Fields = {};
  for (const field of schema.messages[name]) {
    const zero = field.repeated ? [] : zeroOf(field);
    if (zero !== undefined) message[field.name] = zero;
  }
  /** Names of fields and oneofs that were given. */
  const given = new Set<string>();
  for (const [key, value] of Object.entries(json)) {
    const here = path ? `${path}.${key}` : key;
    const field = schema.messages[name].find((one) => key === one.name || key === snake(one.name));
    if (!field) throw badJson(here, `a field of ${name}`, shown(key));
    if (value === null) continue;
    const slot = field.oneof ?? field.name;
    if (given.has(slot)) throw badJson(here, `one value for ${slot}`, "another one");
    given.add(slot);
    message[field.name] = field.repeated
      ? listFromJson(field.type, value, here)
      : valueFromJson(field.type, value, here);
  }
  return message;
}

function listFromJson(type: FieldSchema["type"], json: unknown, path: string): unknown[] {
  if (!Array.isArray(json)) throw badJson(path, "a list", shown(json));
  return json.map((one, index) => valueFromJson(type, one, `${path}[${index}]`));
}

function valueFromJson(type: FieldSchema["type"], json: unknown, path: string): unknown {
  if (isMessage(type)) return messageFromJson(type, json, path);
  if (isEnum(type)) return enumFromJson(type, json, path);
  if (type === "string") {
    if (typeof json !== "string") throw badJson(path, "a string", shown(json));
    return json;
  }
  if (type === "bool") {
    if (typeof json !== "boolean") throw badJson(path, "true or false", shown(json));
    return json;
  }
  const max = NUMBER_MAX[type];
  const number = typeof json === "string" && /^[0-9]{1,16}$/.test(json) ? Number(json) : json;
  if (!Number.isInteger(number) || (number as number) < 0 || (number as number) > max) {
    throw badJson(path, `a whole number from 0 to ${max}`, shown(json));
  }
  return number;
}

/** A number of a later version reads as the zero value, as it does from bytes. */
function enumFromJson(type: EnumName, json: unknown, path: string): string {
  const names = schema.enums[type];
  if (Number.isInteger(json)) return names[json as number] ?? names[0];
  if (!names.includes(json as string)) {
    throw badJson(path, `one of ${names.join(", ")}`, shown(json));
  }
  return json as string;
}

/** The value of a field that was not set; undefined for a message. */
function zeroOf({ type }: FieldSchema): string | number | boolean | undefined {
  if (isMessage(type)) return undefined;
  if (isEnum(type)) return schema.enums[type][0];
  return SCALAR_ZERO[type];
}

const SCALAR_ZERO: Record<ScalarName, string | number | boolean> = {
  string: "",
  bool: false,
  uint32: 0,
  uint64: 0,
};

function isMessage(type: FieldSchema["type"]): type is MessageName {
  return Object.hasOwn(schema.messages, type);
}

function isEnum(type: FieldSchema["type"]): type is EnumName {
  return Object.hasOwn(schema.enums, type);
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function shown(found: unknown): string {
  if (Array.isArray(found)) return "a list";
  if (typeof found === "object" && found !== null) return "an object";
  return (JSON.stringify(found) ?? "nothing").slice(0, 60);
}

function badJson(path: string, needed: string, found: string): ProtocolError {
  const what = path || "the message";
  return new ProtocolError(
    "badJson",
    `Cannot read ${what}: needed ${needed}, found ${found}`,
    path,
  );
}
