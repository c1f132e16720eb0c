/*
 * What fans say and understand: Golazo's frames, ready frames of a peer, and
 * socket.io's.
 *
 * Every frame is parsed as far as it takes to count it: a publication to its
 * channel, offset and, where it is a goal, kind and minute.
 */
#define SEND_BYTES (32 * 1024)

static uint8_t *write_client_frame(uint8_t *out, uint32_t field, const uint8_t *body, size_t length) {
  uint8_t frame[1024];
  uint8_t *end = write_varint(write_varint(frame, field << 3 | 2), length);
  memcpy(end, body, length);
  return out + write_ws_frame(out, WS_BINARY, frame, (size_t)(end - frame) + length);
}

/* Hello and every Subscribe in one flight. */
static void greet(struct fan *fan) {
  uint8_t flight[SEND_BYTES], body[512], *out = flight, *end = body;
  if (wish.device[0] != 0) {
    char name[WORD_MAX_BYTES + 16];
    snprintf(name, sizeof name, "%s-%u", wish.device, (uint32_t)(fan - fans));
    end = write_text(write_text(end, 2, name), 3, name);
    end = write_number(end, 4, fan->attempt);
  }
  end = write_number(end, 6, wish.batch);
  out = write_client_frame(out, 1, body, (size_t)(end - body));
  struct place *place = places_of(fan);
  for (int channel = 0; channel < wish.channel_count; channel++, place++) {
    place->number = 0;
    end = write_text(write_number(body, 1, (uint64_t)channel + 1), 2, wish.channels[channel]);
    if (place->epoch != 0) {
      end = write_number(write_text(end, 3, epochs[place->epoch]), 4, place->offset);
    }
    out = write_client_frame(out, 2, body, (size_t)(end - body));
  }
  fan->awaited = (uint16_t)wish.channel_count;
  fan->phase = SUBSCRIBING;
  say(fan, flight, (size_t)(out - flight));
}

static void answer_ping(struct fan *fan, struct reader ping) {
  uint8_t body[8], out[32], *end = body;
  struct field field;
  while (next_field(&ping, &field)) {
    if (field.number == 1) end = write_number(body, 1, field.value);
  }
  say(fan, out, (size_t)(write_client_frame(out, 9, body, (size_t)(end - body)) - out));
  if (!fan->has_answered_ping) answered += 1;
  fan->has_answered_ping = true;
}

/* Of the channel that the number stands for on this socket; NULL: none. */
static struct place *place_of(const struct fan *fan, uint32_t number) {
  struct place *place = places_of(fan);
  for (int channel = 0; channel < wish.channel_count; channel++, place++) {
    if (place->number == number) return place;
  }
  return NULL;
}

/* Everything from the last offset up to this one was not sent, for whatever reason. */
static void skip_to(struct place *place, uint32_t offset) {
  if (offset <= place->offset) return;
  missed += offset - place->offset;
  place->offset = offset;
}

/* Offsets of a channel go up by one. */
static void note_offset(struct place *place, uint32_t offset) {
  if (offset <= place->offset) {
    duplicated += 1;
    return;
  }
  skip_to(place, offset - 1);
  place->offset = offset;
}

static void hear_publication(struct fan *fan, struct reader publication) {
  const int64_t now = now_ns();
  uint32_t number = 0, offset = 0;
  struct reader goal = {NULL, NULL, false};
  struct field field;
  while (next_field(&publication, &field)) {
    if (field.number == 1) number = (uint32_t)field.value;
    else if (field.number == 2) offset = (uint32_t)field.value;
    else if (field.number == 3) goal = field.bytes;
    else if (field.number == 14) hear_chat(fan, field.bytes, now);
    else if (field.number == 16) hear_more(field.bytes);
  }
  struct place *place = place_of(fan, number);
  if (publication.is_bad || place == NULL) {
    faults += 1;
    return;
  }
  if (offset != 0) note_offset(place, offset);
  const int channel = (int)(place - places_of(fan));
  note_publication(channel, now);
  if (goal.at == NULL) return;
  uint64_t kind = 0, minute = 0;
  while (next_field(&goal, &field)) {
    if (field.number == 1) kind = field.value;
    else if (field.number == 5) minute = field.value;
  }
  if (goal.is_bad) faults += 1;
  else note_goal(channel, kind, minute, (uint32_t)(fan - fans), now);
}

/* What was skipped on purpose is asked for no more, and was missed all the same. */
static void hear_position(struct fan *fan, struct reader position) {
  uint32_t number = 0, offset = 0;
  struct field field;
  while (next_field(&position, &field)) {
    if (field.number == 1) number = (uint32_t)field.value;
    else if (field.number == 2) offset = (uint32_t)field.value;
  }
  struct place *place = place_of(fan, number);
  if (position.is_bad) faults += 1;
  else if (place != NULL) skip_to(place, offset);
}

static uint16_t epoch_of(struct reader text) {
  const size_t length = (size_t)(text.end - text.at);
  for (int epoch = epoch_count - 1; epoch > 0; epoch--) {
    if (strlen(epochs[epoch]) == length && memcmp(epochs[epoch], text.at, length) == 0) {
      return (uint16_t)epoch;
    }
  }
  if (epoch_count == EPOCHS_MAX || length >= sizeof epochs[0]) return 0;
  memcpy(epochs[epoch_count], text.at, length);
  return (uint16_t)epoch_count++;
}

/* Twice over its bytes: what it says of the channel, then what was missed of it. */
static void hear_subscribed(struct fan *fan, struct reader subscribed) {
  struct reader again = subscribed;
  struct place heard = {0, 0, 0}, *place = NULL;
  bool is_recovered = false;
  struct field field;
  while (next_field(&subscribed, &field)) {
    const size_t length = (size_t)(field.bytes.end - field.bytes.at);
    if (field.number == 2) {
      for (int channel = 0; channel < wish.channel_count; channel++) {
        const char *name = wish.channels[channel];
        if (strlen(name) == length && memcmp(name, field.bytes.at, length) == 0) {
          place = places_of(fan) + channel;
        }
      }
    } else if (field.number == 3) {
      heard.number = (uint32_t)field.value;
    } else if (field.number == 4) {
      heard.epoch = epoch_of(field.bytes);
    } else if (field.number == 5) {
      heard.offset = (uint32_t)field.value;
    } else if (field.number == 6) {
      is_recovered = field.value != 0;
    } else if (field.number == 8) {
      snapshots += 1;
    }
  }
  if (subscribed.is_bad || place == NULL) {
    faults += 1;
    return;
  }
  if (!is_recovered && place->epoch != heard.epoch) place->offset = place->epoch == 0 ? heard.offset : 0;
  place->number = heard.number;
  place->epoch = heard.epoch;
  while (is_recovered && next_field(&again, &field)) {
    if (field.number == 7) hear_publication(fan, field.bytes);
  }
  skip_to(place, heard.offset);
  if (fan->awaited > 0 && --fan->awaited == 0) come_in(fan);
}

/* A message may hold several frames: each top-level field is one. */
static void hear_golazo(struct fan *fan, struct reader message) {
  struct field field;
  while (fan->phase >= SUBSCRIBING && fan->phase <= INSIDE && next_field(&message, &field)) {
    if (field.number == 1) hear_publication(fan, field.bytes);
    else if (field.number == 3) hear_subscribed(fan, field.bytes);
    else if (field.number == 4 && fan->phase == SUBSCRIBING) lose(fan, "a channel was refused");
    else if (field.number == 5) answer_ping(fan, field.bytes);
    else if (field.number == 6) goodbyes += 1;
    else if (field.number == 7) hear_position(fan, field.bytes);
  }
  if (message.is_bad) faults += 1;
}

/* engine.io's packets: 0 open, 2 ping, 4 message; socket.io's in a message: 0 connected, 2 event. */
static void hear_socketio(struct fan *fan, const uint8_t *text, size_t length) {
  uint8_t out[16];
  if (length > 0 && text[0] == '0') {
    say(fan, out, write_ws_frame(out, WS_TEXT, (const uint8_t *)"40", 2));
  } else if (length > 0 && text[0] == '2') {
    say(fan, out, write_ws_frame(out, WS_TEXT, (const uint8_t *)"3", 1));
  } else if (length > 1 && text[0] == '4' && text[1] == '0') {
    come_in(fan);
  } else if (length > 1 && text[0] == '4' && text[1] == '2') {
    note_publication(0, now_ns());
    hear_chat_text(fan, text, length, now_ns());
  } else {
    faults += 1;
  }
}

static void hear_frame(struct fan *fan, const struct ws_frame *frame) {
  uint8_t out[256];
  struct listener *listener = listeners + (fan - fans);
  const uint32_t messages = listener->messages;
  if (frame->opcode == WS_CLOSE) {
    lose(fan, "the server closed a socket on its way in");
  } else if (frame->opcode == WS_PING && frame->length < 126) {
    say(fan, out, write_ws_frame(out, WS_PONG, frame->payload, frame->length));
  } else if (!frame->is_final || (frame->opcode != WS_BINARY && frame->opcode != WS_TEXT)) {
    faults += 1;
  } else if (wish.speech == GOLAZO) {
    hear_golazo(fan, (struct reader){frame->payload, frame->payload + frame->length, false});
  } else if (wish.speech == SOCKETIO) {
    hear_socketio(fan, frame->payload, frame->length);
  } else {
    note_publication(0, now_ns());
  }
  if (listener->messages > messages) listener->frames += 1;
}
