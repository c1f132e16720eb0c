/**
 * Our codec against @bufbuild/protobuf, which shares no line with it.
 *
 * golden_vectors.json pins the bytes of both, so that neither a change of ours
 * nor one of the peer's can move the contract unseen; random messages look
 * where no vector does. The peer learns the contract from
 * golazo_descriptor.json, what protoc makes of golazo.proto, so the generator's
 * own parser is checked as well.
 */
import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson as peerFromJson,
  type JsonValue,
  type Message,
  toBinary,
  toJson as peerToJson,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { anyText } from "../runtime/any_text.testing.ts";
import * as codec from "./golazo_codec.ts";
import { type EnumName, type FieldSchema, type MessageName, schema } from "./golazo_codec.ts";
import { fromJson, toJson } from "./json_mapping.ts";
import { ProtocolError } from "./protocol_error.ts";

interface Vector {
  message: MessageName;
  name: string;
  json: JsonValue;
  hex: string;
}
type Fields = Record<string, unknown>;

const here = fileURLToPath(new URL("./", import.meta.url));
const vectors: Vector[] = JSON.parse(readFileSync(`${here}golden_vectors.json`, "utf8"));
const descriptorBytes = Buffer.from(
  JSON.parse(readFileSync(`${here}golazo_descriptor.json`, "utf8")).fileDescriptorSet,
  "base64",
);
const descriptorSet = fromBinary(FileDescriptorSetSchema, descriptorBytes);
const peerMessages = new Map<string, DescMessage>();
for (const desc of createFileRegistry(descriptorSet)) {
  // Lineup.Member is LineupMember with us.
  if (desc.kind === "message") {
    peerMessages.set(desc.typeName.replace("golazo.v1.", "").replaceAll(".", ""), desc);
  }
}
const names = Object.keys(schema.messages) as MessageName[];

function encode(name: MessageName, init: unknown): Uint8Array {
  return (codec as unknown as Record<string, (init: unknown) => Uint8Array>)[`encode${name}`]!(
    init,
  );
}

function decode(name: MessageName, bytes: Uint8Array): Fields {
  return (codec as unknown as Record<string, (bytes: Uint8Array) => Fields>)[`decode${name}`]!(
    bytes,
  );
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** The peer's message with the same content as our plain object. */
function peerOf(name: MessageName, init: Fields): Message {
  const fields: Fields = {};
  for (const { name: key, type, repeated, oneof } of schema.messages[name]) {
    if (init[key] === undefined) continue;
    const one = (value: unknown): unknown => {
      if (Object.hasOwn(schema.messages, type)) return peerOf(type as MessageName, value as Fields);
      if (type === "uint64") return BigInt(value as number);
      return schema.enums[type as EnumName]?.indexOf(value as string) ?? value;
    };
    const value = repeated ? (init[key] as unknown[]).map(one) : one(init[key]);
    if (oneof) fields[oneof] = { case: key, value };
    else fields[key] = value;
  }
  return create(peerMessages.get(name)!, fields);
}

function anyMessage(name: MessageName): fc.Arbitrary<Fields> {
  const fields = schema.messages[name];
  const free = fields.filter((field) => !field.oneof);
  const members = fields.filter((field) => field.oneof);
  const record = (of: readonly FieldSchema[]): fc.Arbitrary<Fields> =>
    fc.record(Object.fromEntries(of.map((field) => [field.name, anyField(field)])), {
      requiredKeys: [],
    });
  const choices = [fc.constant({}), ...members.map((member) => record([member]))];
  return fc.tuple(record(free), fc.oneof(...choices)).map(([a, b]) => ({ ...a, ...b }));
}

function anyField({ type, repeated }: FieldSchema): fc.Arbitrary<unknown> {
  const one: fc.Arbitrary<unknown> = Object.hasOwn(schema.messages, type)
    ? anyMessage(type as MessageName)
    : Object.hasOwn(schema.enums, type)
    ? fc.constantFrom(...schema.enums[type as EnumName])
    : {
      string: anyText({ maxLength: 200 }),
      bool: fc.boolean(),
      uint32: fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 0xffff_ffff })),
      uint64: fc.oneof(fc.nat(300), fc.maxSafeNat()),
    }[type as codec.ScalarName];
  return repeated ? fc.array(one, { maxLength: 3 }) : one;
}

const anyNamed = fc.constantFrom(...names).chain((name) =>
  fc.record({ name: fc.constant(name), init: anyMessage(name), other: anyMessage(name) })
);

describe("golden vectors", () => {
  test("every message has several", () => {
    for (const name of names) {
      // One flag has two values.
      const needed = name === "Attention" ? 2 : 3;
      const count = vectors.filter((vector) => vector.message === name).length;
      expect(count, name).toBeGreaterThanOrEqual(needed);
    }
  });

  test("every field is in some", () => {
    const found = new Set<string>();
    const look = (name: MessageName, json: Fields) => {
      for (const { name: key, type } of schema.messages[name]) {
        if (json[key] === undefined) continue;
        found.add(`${name}.${key}`);
        if (!Object.hasOwn(schema.messages, type)) continue;
        for (const one of [json[key]].flat()) look(type as MessageName, one as Fields);
      }
    };
    for (const { message, json } of vectors) look(message, json as Fields);
    const all = names.flatMap((name) =>
      schema.messages[name].map((field) => `${name}.${field.name}`)
    );
    expect(all.filter((field) => !found.has(field))).toEqual([]);
  });

  test.each(vectors.map((vector) => [`${vector.message}: ${vector.name}`, vector] as const))(
    "%s",
    (_, { message, json, hex }) => {
      const bytes = Buffer.from(hex, "hex");
      const desc = peerMessages.get(message)!;
      expect(hexOf(toBinary(desc, peerFromJson(desc, json)))).toBe(hex);
      expect(hexOf(encode(message, fromJson(message, json)))).toBe(hex);
      expect(peerToJson(desc, fromBinary(desc, bytes))).toStrictEqual(json);
      expect(toJson(message, decode(message, bytes))).toStrictEqual(json);
    },
  );
});

describe("random messages, ours and the peer's", () => {
  test("the same bytes, read back by both", () => {
    fc.assert(fc.property(anyNamed, ({ name, init }) => {
      const desc = peerMessages.get(name)!;
      const bytes = encode(name, init);
      const peer = peerOf(name, init);
      expect(hexOf(bytes)).toBe(hexOf(toBinary(desc, peer)));
      const decoded = decode(name, bytes);
      expect(decoded).toMatchObject(init);
      expect(peerOf(name, decoded)).toStrictEqual(fromBinary(desc, bytes));
    }));
  });

  test("the same JSON, read back by both", () => {
    fc.assert(fc.property(anyNamed, ({ name, init }) => {
      const desc = peerMessages.get(name)!;
      const json = toJson(name, init) as JsonValue;
      expect(json).toStrictEqual(peerToJson(desc, peerOf(name, init)));
      const original = peerToJson(desc, peerOf(name, init), { useProtoFieldName: true });
      expect(fromJson(name, json)).toStrictEqual(decode(name, encode(name, init)));
      expect(fromJson(name, original)).toStrictEqual(fromJson(name, json));
    }));
  });

  test("two messages end to end merge alike", () => {
    fc.assert(fc.property(anyNamed, ({ name, init, other }) => {
      const desc = peerMessages.get(name)!;
      const bytes = Buffer.concat([encode(name, init), encode(name, other)]);
      expect(hexOf(encode(name, decode(name, bytes)))).toBe(
        hexOf(toBinary(desc, fromBinary(desc, bytes))),
      );
    }));
  });

  test("mangled bytes: a ProtocolError, or a message that the peer reads too", () => {
    let refused = 0;
    const places = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(anyNamed, places, fc.nat(), ({ name, init }, changes, cut) => {
        const whole = encode(name, init);
        const bytes = whole.slice(0, cut % 2 ? whole.length : cut % (whole.length + 1));
        for (const [place, byte] of changes) bytes[place % (bytes.length || 1)] = byte;
        try {
          decode(name, bytes);
        } catch (thrown) {
          if (!(thrown instanceof ProtocolError)) throw thrown;
          refused++;
          return;
        }
        fromBinary(peerMessages.get(name)!, bytes);
      }),
      { numRuns: 1_000 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});

describe("golazo_descriptor.json", () => {
  test("has the messages, fields and enums of the codec", () => {
    expect([...peerMessages.keys()].sort()).toStrictEqual([...names].sort());
    for (const name of names) {
      const fields = peerMessages.get(name)!.fields.map((field) => ({
        name: field.jsonName,
        repeated: field.fieldKind === "list",
        oneof: field.oneof?.localName,
        values: field.enum?.values.map((value) => value.name),
      }));
      expect(fields, name).toStrictEqual(schema.messages[name].map((field) => ({
        name: field.name,
        repeated: field.repeated ?? false,
        oneof: field.oneof,
        values: Object.hasOwn(schema.enums, field.type)
          ? schema.enums[field.type as EnumName]
          : undefined,
      })));
    }
  });

  test("is what protoc makes of golazo.proto", () => {
    const folder = mkdtempSync(`${tmpdir()}/golazo_descriptor_`);
    try {
      const target = `${folder}/golazo.binpb`;
      const flags = ["--include_imports", `--descriptor_set_out=${target}`, "golazo.proto"];
      const protoc = spawnSync("protoc", flags, { cwd: here, encoding: "utf8" });
      if ((protoc.error as { code?: string } | undefined)?.code === "ENOENT") {
        console.log("golazo_descriptor.json was not compared: no protoc here");
        return;
      }
      expect(protoc.stderr).toBe("");
      expect(peerToJson(FileDescriptorSetSchema, descriptorSet)).toStrictEqual(
        peerToJson(
          FileDescriptorSetSchema,
          fromBinary(FileDescriptorSetSchema, readFileSync(target)),
        ),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
