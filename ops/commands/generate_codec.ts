/**
 * Writes protocol/golazo_codec.ts from protocol/golazo.proto.
 *
 *   deno run -A ops/commands/generate_codec.ts           writes the file
 *   deno run -A ops/commands/generate_codec.ts --check   exits 1 where it would change
 *
 * It knows the part of proto3 that golazo.proto uses and refuses the rest by
 * name, so nothing is ever encoded by guess. It also refuses a message within
 * itself: that bounds how deep a decoder can be driven.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import parser from "protocol-buffers-schema";

/** The part of protocol-buffers-schema's answer that is used here. */
interface ProtoField {
  name: string;
  type: string;
  tag: number;
  repeated: boolean;
  oneof: string | null;
  map: unknown;
}
interface ProtoMessage {
  name: string;
  enums: { name: string; values: Record<string, { value: number }> }[];
  messages: ProtoMessage[];
  fields: ProtoField[];
}

interface Field {
  name: string;
  number: number;
  kind: "scalar" | "enum" | "message";
  /** A scalar's proto type, or the TypeScript name of an enum or message. */
  type: string;
  repeated: boolean;
  /** Name of the constant that lists the members of its oneof. */
  members: string | null;
  oneof: string | null;
}
interface Message {
  name: string;
  fields: Field[];
}
interface Contract {
  enums: Map<string, string[]>;
  messages: Message[];
}

const SCALARS: Record<string, { type: string; zero: string }> = {
  string: { type: "string", zero: `""` },
  bool: { type: "boolean", zero: "false" },
  uint32: { type: "number", zero: "0" },
  uint64: { type: "number", zero: "0" },
};

const HEADER = `/**
 * The codec of golazo.proto: for every message X the types X and XInit and the
 * functions encodeX, decodeX, readX and writeX; for every enum the list of its
 * names in the order of their numbers; and the table behind the JSON mapping.
 *
 * GENERATED from golazo.proto by \`deno run -A ops/commands/generate_codec.ts\`:
 * change the contract, then run that again.
 */
import { PbfReader, type PbfWriter } from "pbf";
import {
  nextField, readBool, readEnd, readEnum, readString, readUint32, readUint64, skipField,
} from "./checked_reader.ts";
import {
  encodeWith, writeBool, writeEnum, writeString, writeText, writeUint32, writeUint64,
} from "./checked_writer.ts";
import { clearOthers, refuseTwo } from "./oneof.ts";
`;

function need(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`Cannot generate the codec: ${rule}`);
}

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const upper = (name: string) => name[0]!.toUpperCase() + name.slice(1);
const constant = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
const namesOf = (enumName: string) => `${constant(enumName)}_NAMES`;

function readContract(source: string): Contract {
  const file = parser.parse(source) as ProtoMessage & { syntax: number };
  need(file.syntax === 3, "the contract must be proto3");
  const enums = new Map<string, string[]>();
  const found: { proto: ProtoMessage; scope: string }[] = [];
  const walk = (scope: string, within: ProtoMessage) => {
    for (const one of within.enums) {
      enums.set(scope + one.name, enumNames(scope + one.name, one.values));
    }
    for (const proto of within.messages) {
      found.push({ proto, scope: scope + proto.name });
      walk(scope + proto.name, proto);
    }
  };
  walk("", file);
  const names = [...enums.keys(), ...found.map((one) => one.scope)];
  need(new Set(names).size === names.length, `two types share a name: ${names.join(", ")}`);
  const messageNames = new Set(found.map((one) => one.scope));
  const messages = found.map(({ proto, scope }) => readMessage(proto, scope, enums, messageNames));
  for (const message of messages) refuseCycle(message, messages, []);
  return { enums, messages };
}

function enumNames(name: string, values: Record<string, { value: number }>): string[] {
  const names = Object.keys(values).sort((a, b) => values[a]!.value - values[b]!.value);
  const gapless = names.every((value, index) => values[value]!.value === index);
  need(gapless, `enum ${name} must number its values from 0 without gaps`);
  return names;
}

function readMessage(
  proto: ProtoMessage,
  scope: string,
  enums: Map<string, string[]>,
  messageNames: Set<string>,
): Message {
  const fields = proto.fields.map((field): Field => {
    const where = `${scope}.${field.name}`;
    const name = camel(field.name);
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    need(snake === field.name, `${where} must be lower_snake_case, each part with a letter first`);
    need(field.map === null, `${where} is a map, not known here`);
    const inner = scope + field.type;
    const type = enums.has(inner) || messageNames.has(inner) ? inner : field.type;
    const kind = enums.has(type) ? "enum" : messageNames.has(type) ? "message" : "scalar";
    need(kind !== "scalar" || type in SCALARS, `${where} is of type ${type}, not known here`);
    const isListable = kind === "message" || type === "string";
    need(!field.repeated || isListable, `${where} is a packed list, not known here`);
    need(field.oneof === null || kind === "message", `${where} must be a message, in a oneof`);
    const members = field.oneof && `${constant(scope)}_${constant(camel(field.oneof))}_MEMBERS`;
    const { repeated, oneof, tag: number } = field;
    return { name, number, kind, type, repeated, members, oneof };
  });
  fields.sort((a, b) => a.number - b.number);
  return { name: scope, fields };
}

function refuseCycle(message: Message, all: Message[], above: string[]): void {
  const path = [...above, message.name];
  need(!above.includes(message.name), `a message holds itself: ${path.join(" > ")}`);
  for (const field of message.fields) {
    const inner = all.find((one) => field.kind === "message" && one.name === field.type);
    if (inner) refuseCycle(inner, all, path);
  }
}

function typeOf(field: Field, suffix = ""): string {
  if (field.kind === "message") return field.type + suffix;
  return field.kind === "enum" ? field.type : SCALARS[field.type]!.type;
}

const property = (field: Field) =>
  field.repeated
    ? `${field.name}: ${typeOf(field)}[];`
    : `${field.name}${field.kind === "message" ? "?" : ""}: ${typeOf(field)};`;

const initProperty = (field: Field) =>
  field.repeated
    ? `${field.name}?: readonly ${typeOf(field, "Init")}[];`
    : `${field.name}?: ${typeOf(field, "Init")};`;

function zeroProperty(field: Field, { enums }: Contract): string {
  if (field.repeated) return `${field.name}: [],`;
  if (field.kind === "message") return "";
  const zero = field.kind === "enum"
    ? JSON.stringify(enums.get(field.type)![0])
    : SCALARS[field.type]!.zero;
  return `${field.name}: ${zero},`;
}

function readCase(field: Field): string {
  const { name, number, kind, type, repeated, members } = field;
  const value = kind === "scalar"
    ? `read${upper(type)}(pbf, end)`
    : kind === "enum"
    ? `readEnum(pbf, end, ${namesOf(type)})`
    : `read${type}(pbf, readEnd(pbf, end)${repeated ? "" : `, message.${name}`})`;
  const clear = members ? `clearOthers(message, ${members}, "${name}");` : "";
  const keep = repeated ? `message.${name}.push(${value});` : `message.${name} = ${value};`;
  return `case ${number}: ${clear} ${keep} break;`;
}

function writeLine({ name, number, kind, type, repeated }: Field): string {
  const one = (value: string) =>
    kind === "message"
      ? `pbf.writeMessage(${number}, write${type}, ${value});`
      : kind === "enum"
      ? `writeEnum(pbf, ${number}, ${value}, ${namesOf(type)});`
      : `write${repeated ? "Text" : upper(type)}(pbf, ${number}, ${value});`;
  if (repeated) return `for (const one of init.${name} ?? []) ${one("one")}`;
  return kind === "message" ? `if (init.${name}) ${one(`init.${name}`)}` : one(`init.${name}`);
}

function messageCode(message: Message, contract: Contract): string {
  const { name, fields } = message;
  const lines = (each: (field: Field) => string) => fields.map(each).join("\n");
  const oneofs = Map.groupBy(fields.filter((field) => field.members), (field) => field.members);
  const lists = [...oneofs].map(([list, members]) =>
    `export const ${list} = ${JSON.stringify(members.map((member) => member.name))} as const;`
  );
  const refusals = [...oneofs.keys()].map((list) => `refuseTwo(init, ${list});`);
  return `${lists.join("\n")}

export interface ${name} { ${lines(property)} }

export interface ${name}Init { ${lines(initProperty)} }

export function encode${name}(init: ${name}Init): Uint8Array<ArrayBuffer> {
  return encodeWith(write${name}, init);
}

/** @throws {ProtocolError} where the bytes are not a ${name}. */
export function decode${name}(bytes: Uint8Array): ${name} {
  return read${name}(new PbfReader(bytes), bytes.length);
}

/** Reads up to \`end\` into \`message\`, as protobuf merges. */
export function read${name}(pbf: PbfReader, end: number, message: ${name} = {
  ${lines((field) => zeroProperty(field, contract))}
}): ${name} {
  for (let field = nextField(pbf, end); field !== 0; field = nextField(pbf, end)) {
    switch (field) { ${lines(readCase)} default: skipField(pbf, end); }
  }
  return message;
}

export function write${name}(init: ${name}Init, pbf: PbfWriter): void {
  ${refusals.join("\n")}
  ${lines(writeLine)}
}
`;
}

function tableCode({ enums, messages }: Contract): string {
  const row = ({ name, type, repeated, oneof }: Field) =>
    `{ name: "${name}", type: "${type}"${repeated ? ", repeated: true" : ""}${
      oneof ? `, oneof: "${oneof}"` : ""
    } },`;
  const perMessage = (each: (message: Message) => string) => messages.map(each).join("\n");
  return `
export interface MessageTypes { ${perMessage(({ name }) => `${name}: ${name};`)} }

export interface MessageInits { ${perMessage(({ name }) => `${name}: ${name}Init;`)} }

export type MessageName = keyof MessageTypes;
export type EnumName = ${[...enums.keys()].map((name) => `"${name}"`).join(" | ")};
export type ScalarName = ${Object.keys(SCALARS).map((name) => `"${name}"`).join(" | ")};

export interface FieldSchema {
  /** In lower camel case; the contract's own name is the same in snake case. */
  name: string;
  type: ScalarName | EnumName | MessageName;
  repeated?: true;
  oneof?: string;
}

/** What the JSON mapping needs to know of the contract. */
export const schema: {
  enums: Record<EnumName, readonly [string, ...string[]]>;
  messages: Record<MessageName, readonly FieldSchema[]>;
} = {
  enums: { ${[...enums.keys()].map((name) => `${name}: ${namesOf(name)},`).join("\n")} },
  messages: { ${
    perMessage(({ name, fields }) => `${name}: [\n${fields.map(row).join("\n")}\n],`)
  } },
};
`;
}

function generateCodec(source: string): string {
  const contract = readContract(source);
  const enums = [...contract.enums].map(([name, values]) =>
    `export const ${namesOf(name)} = ${JSON.stringify(values)} as const;
export type ${name} = (typeof ${namesOf(name)})[number];\n`
  );
  const messages = contract.messages.map((message) => messageCode(message, contract));
  return [HEADER, ...enums, ...messages, tableCode(contract)].join("\n");
}

function format(code: string, root: string): string {
  const fmt = spawnSync(process.execPath, ["fmt", "--ext", "ts", "-"], { cwd: root, input: code });
  need(fmt.status === 0, `deno fmt must take it (run this with deno), found: ${fmt.stderr}`);
  return fmt.stdout.toString();
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = "protocol/golazo_codec.ts";
const code = format(generateCodec(readFileSync(`${root}protocol/golazo.proto`, "utf8")), root);
if (!process.argv.includes("--check")) {
  writeFileSync(root + target, code);
} else if (readFileSync(root + target, "utf8") !== code) {
  console.error(`${target} is stale: run deno run -A ops/commands/generate_codec.ts`);
  process.exit(1);
}
