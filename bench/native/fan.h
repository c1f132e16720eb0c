/*
 * All fans of this process: what they wish for, where each stands on its way in,
 * and how one leaves.
 *
 * The one place where a fan's phase and the counts of phases change together.
 */
#include <netinet/in.h>
#include <sys/socket.h>

#define EPOCHS_MAX 4096
#define RETRY_NS 500000000LL

enum phase { OUTSIDE, CONNECTING, UPGRADING, SUBSCRIBING, INSIDE, GONE };

/* What a fan knows of a channel: its number on this socket, and the position. */
struct place {
  uint32_t number, offset;
  uint16_t epoch;
};

struct fan {
  int fd;
  uint8_t phase;
  bool has_answered_ping, was_inside;
  uint16_t attempt, awaited;
  uint32_t rest_length;
  /* What came of a frame whose end has not. */
  uint8_t *rest;
  int64_t retry_at;
};

enum speech { GOLAZO, BYTES, SOCKETIO };

static struct {
  int port, channel_count, under_way_max, rest_us;
  enum speech speech;
  bool batch;
  char path[WORD_MAX_BYTES], subprotocol[WORD_MAX_BYTES], source[WORD_MAX_BYTES];
  char device[WORD_MAX_BYTES], channels[CHANNELS_MAX][WORD_MAX_BYTES];
} wish;

static struct fan *fans;
static struct place *places;
static uint32_t fan_count;
static char epochs[EPOCHS_MAX][64];
static int epoch_count = 1; /* 0: none */

/* Fans on their way in, first come first. */
static uint32_t *queue;
static uint64_t queue_head, queue_tail;
static uint32_t under_way, inside, answered;
static uint64_t gone, goodbyes, refused, faults, snapshots;
/* Durable publications that never came to a fan who was entitled to them, or came again. */
static uint64_t missed, duplicated;

/* Of the command that is answered once everybody is inside; 0: none. */
static int entering_id;
static int64_t entering_since;

static struct place *places_of(const struct fan *fan) {
  return places + (uint64_t)(fan - fans) * (uint32_t)wish.channel_count;
}

static void fail_entering(const char *reason) {
  if (entering_id != 0) answer_failure(entering_id, reason);
  entering_id = 0;
}

/* By a reset, which leaves no port behind in TIME_WAIT. */
static void forget_socket(struct fan *fan) {
  const struct linger at_once = {1, 0};
  setsockopt(fan->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(fan->fd);
  free(fan->rest);
  fan->rest = NULL;
  fan->rest_length = 0;
  if (fan->phase == INSIDE) inside -= 1;
  else under_way -= 1;
}

/* Joins those who wait to come in, not before that time. */
static void wait_until(struct fan *fan, int64_t time) {
  fan->phase = OUTSIDE;
  fan->retry_at = time;
  queue[queue_tail++ % fan_count] = (uint32_t)(fan - fans);
}

/* A server that has no room now is asked again. */
static void retry_later(struct fan *fan) {
  refused += 1;
  forget_socket(fan);
  wait_until(fan, now_ns() + RETRY_NS);
}

/* Who has been inside goes on trying, as a phone does. */
static void lose(struct fan *fan, const char *reason) {
  if (fan->phase != INSIDE && fan->was_inside) return retry_later(fan);
  if (fan->phase == INSIDE) gone += 1;
  else fail_entering(reason);
  forget_socket(fan);
  fan->phase = GONE;
}

static void say(struct fan *fan, const uint8_t *bytes, size_t length) {
  if (send(fan->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) faults += 1;
}

static void come_in(struct fan *fan) {
  fan->phase = INSIDE;
  fan->was_inside = true;
  under_way -= 1;
  inside += 1;
}
