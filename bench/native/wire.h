/*
 * Bytes of the wire: RFC 6455's frame headers and protobuf's fields.
 *
 * Our own frames are masked with zeros, which the RFC allows and which changes
 * no byte. What cannot be read is said so and never read past its end.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

struct ws_frame {
  uint8_t opcode;
  bool is_final;
  const uint8_t *payload;
  size_t length;
};

/* Answers the frame's bytes with its header; 0: more has to come. A server's frames have no mask. */
static size_t read_ws_frame(const uint8_t *bytes, size_t length, struct ws_frame *frame) {
  if (length < 2) return 0;
  size_t header = 2;
  uint64_t payload = bytes[1] & 0x7f;
  if (payload >= 126) {
    const size_t more = payload == 126 ? 2 : 8;
    header += more;
    if (length < header) return 0;
    payload = 0;
    for (size_t at = 2; at < header; at++) payload = payload << 8 | bytes[at];
  }
  if (length - header < payload) return 0;
  frame->is_final = bytes[0] >> 7;
  frame->opcode = bytes[0] & 0x0f;
  frame->payload = bytes + header;
  frame->length = payload;
  return header + payload;
}

/* Answers the bytes written: a masked frame of less than 64 KiB. */
static size_t write_ws_frame(uint8_t *out, uint8_t opcode, const uint8_t *payload, size_t length) {
  size_t at = 0;
  out[at++] = 0x80 | opcode;
  out[at++] = 0x80 | (length < 126 ? (uint8_t)length : 126);
  if (length >= 126) {
    out[at++] = (uint8_t)(length >> 8);
    out[at++] = (uint8_t)length;
  }
  memset(out + at, 0, 4);
  memcpy(out + at + 4, payload, length);
  return at + 4 + length;
}

/* A protobuf message that is being read. */
struct reader {
  const uint8_t *at, *end;
  bool is_bad;
};

/* One field of it: a number, or bytes. */
struct field {
  uint32_t number;
  uint64_t value;
  struct reader bytes;
};

static uint64_t read_varint(struct reader *reader) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (reader->at == reader->end) break;
    const uint8_t byte = *reader->at++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  reader->is_bad = true;
  return 0;
}

/* False at the end, and where the rest cannot be read. */
static bool next_field(struct reader *reader, struct field *field) {
  if (reader->is_bad || reader->at == reader->end) return false;
  const uint64_t tag = read_varint(reader);
  field->number = (uint32_t)(tag >> 3);
  uint64_t skipped = 0;
  switch (tag & 7) {
    case 0:
      field->value = read_varint(reader);
      break;
    case 1:
      skipped = 8;
      break;
    case 2:
      skipped = read_varint(reader);
      break;
    case 5:
      skipped = 4;
      break;
    default:
      reader->is_bad = true;
  }
  if (skipped > (uint64_t)(reader->end - reader->at)) reader->is_bad = true;
  if (reader->is_bad) return false;
  field->bytes = (struct reader){reader->at, reader->at + skipped, false};
  reader->at += skipped;
  return true;
}

static uint8_t *write_varint(uint8_t *out, uint64_t value) {
  for (; value > 0x7f; value >>= 7) *out++ = (uint8_t)value | 0x80;
  *out++ = (uint8_t)value;
  return out;
}

static uint8_t *write_number(uint8_t *out, uint32_t field, uint64_t value) {
  if (value == 0) return out;
  return write_varint(write_varint(out, field << 3), value);
}

static uint8_t *write_bytes(uint8_t *out, uint32_t field, const void *bytes, size_t length) {
  if (length == 0) return out;
  out = write_varint(write_varint(out, field << 3 | 2), length);
  memcpy(out, bytes, length);
  return out + length;
}

static uint8_t *write_text(uint8_t *out, uint32_t field, const char *text) {
  return write_bytes(out, field, text, strlen(text));
}
