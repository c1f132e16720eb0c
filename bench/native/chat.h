/*
 * What fans hear of a room: how many messages, in how many frames, how late.
 *
 * A message says in its author's client id when it was posted, in microseconds
 * of this process's clock: `t_<time>_<number>`. Times are counted by the
 * millisecond, so ten minutes of a full room take no more memory than one.
 */
#define CHAT_MS_MAX 60000

struct listener {
  uint32_t messages, frames;
};

static struct listener *listeners;
static uint64_t chat_took[CHAT_MS_MAX + 1], chat_messages, chat_left_out;

static void note_chat(struct fan *fan, const uint8_t *posted, const uint8_t *end, int64_t now) {
  int64_t at_us = 0;
  for (; posted < end && *posted >= '0' && *posted <= '9'; posted++) at_us = at_us * 10 + *posted - '0';
  int64_t ms = (now - at_us * 1000) / 1000000;
  if (ms < 0) ms = 0;
  chat_took[ms > CHAT_MS_MAX ? CHAT_MS_MAX : ms] += 1;
  chat_messages += 1;
  listeners[fan - fans].messages += 1;
}

/* A ChatMessage. */
static void hear_chat(struct fan *fan, struct reader chat, int64_t now) {
  struct field field;
  while (next_field(&chat, &field)) {
    const uint8_t *id = field.bytes.at;
    if (field.number == 5 && field.bytes.end - id > 2 && memcmp(id, "t_", 2) == 0) {
      note_chat(fan, id + 2, field.bytes.end, now);
    }
  }
  if (chat.is_bad) faults += 1;
}

/* All messages that an event of socket.io has in it. */
static void hear_chat_text(struct fan *fan, const uint8_t *text, size_t length, int64_t now) {
  const uint8_t *end = text + length;
  while ((text = memmem(text, (size_t)(end - text), "\"t_", 3)) != NULL) {
    text += 3;
    note_chat(fan, text, end, now);
  }
}

static void hear_more(struct reader more) {
  struct field field;
  while (next_field(&more, &field)) {
    if (field.number == 1) chat_left_out += field.value;
  }
}

static int chat_percentile(double percent) {
  const uint64_t rank = (uint64_t)(percent / 100 * (double)chat_messages + 0.999999);
  uint64_t so_far = 0;
  for (int ms = 0; ms <= CHAT_MS_MAX; ms++) {
    so_far += chat_took[ms];
    if (so_far >= rank) return ms;
  }
  return CHAT_MS_MAX;
}

/* Since the last time; begins anew. */
static void answer_chat(int id) {
  uint64_t frames = 0;
  struct listener least = {UINT32_MAX, UINT32_MAX};
  for (uint32_t fan = 0; fan < fan_count; fan++) {
    frames += listeners[fan].frames;
    if (listeners[fan].messages < least.messages) least.messages = listeners[fan].messages;
    if (listeners[fan].frames < least.frames) least.frames = listeners[fan].frames;
  }
  printf("{\"id\":%d,\"answer\":{\"messages\":%llu,\"frames\":%llu,\"leftOut\":%llu,"
         "\"leastMessages\":%u,\"leastFrames\":%u,\"p50Ms\":%d,\"p99Ms\":%d,\"maxMs\":%d}}\n",
         id, (unsigned long long)chat_messages, (unsigned long long)frames,
         (unsigned long long)chat_left_out, least.messages, least.frames, chat_percentile(50),
         chat_percentile(99), chat_percentile(100));
  memset(listeners, 0, fan_count * sizeof *listeners);
  memset(chat_took, 0, sizeof chat_took);
  chat_messages = chat_left_out = 0;
}
