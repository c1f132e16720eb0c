/*
 * What has been delivered to all fans of this process, and when each was parsed.
 *
 * Times of publications begin anew at each reset; they are in order, as they are
 * noted in order, so a percentile is a place in the list. Goals are kept by
 * (channel, kind, minute), each with the fan who got it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define CHANNELS_MAX 128
#define KINDS 3
#define MINUTES 256

struct goal {
  uint32_t count, room;
  int64_t *times;
  uint32_t *fans;
};

static struct {
  uint64_t publications, goals, bytes;
  uint64_t of_channel[CHANNELS_MAX];
  /* Since the last reset. */
  int64_t *times;
  uint64_t timed, room;
  struct goal goal[CHANNELS_MAX][KINDS][MINUTES];
} delivered;

static void *grown(void *list, uint64_t room, size_t size) {
  list = realloc(list, room * size);
  if (list == NULL) {
    fprintf(stderr, "Cannot keep deliveries: no memory for %llu\n", (unsigned long long)room);
    exit(1);
  }
  return list;
}

static void note_publication(int channel, int64_t now) {
  delivered.publications += 1;
  delivered.of_channel[channel] += 1;
  if (delivered.timed == delivered.room) {
    delivered.room = delivered.room == 0 ? 65536 : delivered.room * 2;
    delivered.times = grown(delivered.times, delivered.room, sizeof *delivered.times);
  }
  delivered.times[delivered.timed++] = now;
}

static void note_goal(int channel, uint64_t kind, uint64_t minute, uint32_t fan, int64_t now) {
  delivered.goals += 1;
  if (kind >= KINDS || minute >= MINUTES) return;
  struct goal *goal = &delivered.goal[channel][kind][minute];
  if (goal->count == goal->room) {
    goal->room = goal->room == 0 ? 16 : goal->room * 2;
    goal->times = grown(goal->times, goal->room, sizeof *goal->times);
    goal->fans = grown(goal->fans, goal->room, sizeof *goal->fans);
  }
  goal->times[goal->count] = now;
  goal->fans[goal->count++] = fan;
}

/* By nearest rank, in ms; 0 where nothing came. */
static double timed_at(double percent) {
  if (delivered.timed == 0) return 0;
  const uint64_t rank = (uint64_t)(percent / 100 * (double)delivered.timed + 0.999999);
  return (double)delivered.times[rank == 0 ? 0 : rank - 1] / 1e6;
}

static void answer_arrived(int id) {
  printf("{\"id\":%d,\"answer\":{\"publications\":%llu,\"p50At\":%.6f,\"p99At\":%.6f,\"lastAt\":%.6f}}\n",
         id, (unsigned long long)delivered.timed, timed_at(50), timed_at(99), timed_at(100));
}

static uint32_t different_fans(const struct goal *goal, uint32_t fans) {
  uint8_t *seen = grown(NULL, fans / 8 + 1, 1);
  for (uint32_t at = 0; at <= fans / 8; at++) seen[at] = 0;
  uint32_t count = 0;
  for (uint32_t at = 0; at < goal->count; at++) {
    const uint32_t fan = goal->fans[at];
    if (!(seen[fan / 8] >> fan % 8 & 1)) count += 1;
    seen[fan / 8] |= (uint8_t)(1 << fan % 8);
  }
  free(seen);
  return count;
}

/* [channel, kind, minute, how many different fans, [times in ms]] of every goal. */
static void answer_goals(int id, uint32_t fans) {
  const char *comma = "";
  printf("{\"id\":%d,\"answer\":[", id);
  for (int channel = 0; channel < CHANNELS_MAX; channel++) {
    for (int kind = 0; kind < KINDS; kind++) {
      for (int minute = 0; minute < MINUTES; minute++) {
        const struct goal *goal = &delivered.goal[channel][kind][minute];
        if (goal->count == 0) continue;
        printf("%s[%d,%d,%d,%u,[", comma, channel, kind, minute, different_fans(goal, fans));
        for (uint32_t at = 0; at < goal->count; at++) {
          printf("%s%.3f", at == 0 ? "" : ",", (double)goal->times[at] / 1e6);
        }
        printf("]]");
        comma = ",";
      }
    }
  }
  printf("]}\n");
}
