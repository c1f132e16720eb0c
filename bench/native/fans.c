/*
 * The fans of every bench: some thousands of WebSockets on one epoll, each of
 * which says Hello, subscribes, answers pings, and parses every frame as far as
 * it takes to count it.
 *
 * As lean as a receiver can be, so that what a bench reads is the server's time.
 * A fan that loses its socket by our own cut comes back with its positions.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "command_line.h"
#include "deliveries.h"
#include "wire.h"
#include "fan.h"
#include "chat.h"
#include "speech.h"

#define EVENTS_MAX 1024
#define READ_BYTES (256 * 1024)
/* Of one source address: with half of its 28,000 ports taken the kernel looks long for another. */
#define SOURCE_FANS_MAX 4000
/* In the place of a fan's number. */
#define STDIN 0xffffffffu

static int epoll;
static uint8_t received[READ_BYTES];

/* Of the command that is answered once so much has come; 0: none. */
static int awaiting_id;
static uint64_t awaited_publications;
static int64_t awaiting_until;

/* Answers how many bytes of the upgrade's reply are done with; 0: more has to come. */
static size_t hear_upgrade(struct fan *fan, const uint8_t *bytes, size_t length) {
  const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
  if (end == NULL) return 0;
  const int status = length > 12 ? atoi((const char *)bytes + 9) : 0;
  if (status == 503) {
    retry_later(fan);
  } else if (status != 101) {
    lose(fan, "the server refused an upgrade");
  } else if (wish.speech == GOLAZO) {
    greet(fan);
  } else {
    fan->phase = SUBSCRIBING;
    if (wish.speech == BYTES) come_in(fan);
  }
  return (size_t)(end + 4 - bytes);
}

static void hear(struct fan *fan) {
  if (fan->rest_length > 0) memcpy(received, fan->rest, fan->rest_length);
  const ssize_t count = recv(fan->fd, received + fan->rest_length, READ_BYTES - fan->rest_length, 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) return lose(fan, "a socket was lost on its way in");
  const uint8_t *at = received, *end = received + fan->rest_length + count;
  while (at < end && fan->phase >= UPGRADING && fan->phase <= INSIDE) {
    struct ws_frame frame;
    const bool is_head = fan->phase == UPGRADING;
    const size_t done = is_head ? hear_upgrade(fan, at, (size_t)(end - at))
                                : read_ws_frame(at, (size_t)(end - at), &frame);
    if (done == 0) break;
    if (!is_head) {
      delivered.bytes += done;
      hear_frame(fan, &frame);
    }
    at += done;
  }
  if (fan->phase == GONE || fan->phase == OUTSIDE) return;
  fan->rest_length = (uint32_t)(end - at);
  if (fan->rest_length == READ_BYTES) return lose(fan, "a frame had no end");
  if (fan->rest_length == 0) {
    free(fan->rest);
    fan->rest = NULL;
  } else {
    fan->rest = grown(fan->rest, fan->rest_length, 1);
    memcpy(fan->rest, at, fan->rest_length);
  }
}

static void connect_fan(uint32_t number) {
  struct fan *fan = fans + number;
  const int yes = 1;
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)wish.port)};
  struct sockaddr_in source = {.sin_family = AF_INET};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fan->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fan->fd < 0) return fail_entering("the kernel gave no further socket");
  fan->attempt += 1;
  fan->phase = CONNECTING;
  under_way += 1;
  setsockopt(fan->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  /* So that a port is taken once a pair of addresses and not once a machine. */
  setsockopt(fan->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  inet_pton(AF_INET, wish.source, &source.sin_addr);
  source.sin_addr.s_addr = htonl(ntohl(source.sin_addr.s_addr) + number / SOURCE_FANS_MAX);
  if (bind(fan->fd, (struct sockaddr *)&source, sizeof source) != 0) {
    return lose(fan, "a source address cannot be used");
  }
  struct epoll_event event = {.events = EPOLLOUT, .data.u32 = number};
  epoll_ctl(epoll, EPOLL_CTL_ADD, fan->fd, &event);
  if (connect(fan->fd, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS) {
    lose(fan, "the server cannot be reached");
  }
}

static void ask_upgrade(struct fan *fan) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fan->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return lose(fan, "the server refused a connection");
  char head[1024];
  const bool is_named = wish.subprotocol[0] != 0;
  const int length = snprintf(
      head, sizeof head,
      "GET %s HTTP/1.1\r\nhost: 127.0.0.1:%d\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
      "sec-websocket-version: 13\r\nsec-websocket-key: Z29sYXpvLWJlbmNobWFyaw==\r\n%s%s%s\r\n",
      wish.path, wish.port, is_named ? "sec-websocket-protocol: " : "", wish.subprotocol,
      is_named ? "\r\n" : "");
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)(fan - fans)};
  epoll_ctl(epoll, EPOLL_CTL_MOD, fan->fd, &event);
  fan->phase = UPGRADING;
  say(fan, (uint8_t *)head, (size_t)length);
}

/* As many as may be on their way at a time; answers whether somebody waits for another try. */
static bool let_in(void) {
  while (queue_head < queue_tail && under_way < (uint32_t)wish.under_way_max) {
    const uint32_t number = queue[queue_head % fan_count];
    if (fans[number].retry_at > now_ns()) return true;
    queue_head += 1;
    connect_fan(number);
  }
  return false;
}

static void answer_what_is_owed(void) {
  if (entering_id != 0 && queue_head == queue_tail && under_way == 0) {
    printf("{\"id\":%d,\"answer\":{\"inside\":%u,\"ms\":%.3f,\"refused\":%llu}}\n", entering_id,
           inside, ms_of(now_ns() - entering_since), (unsigned long long)refused);
    entering_id = 0;
  }
  if (awaiting_id != 0 && (delivered.timed >= awaited_publications || now_ns() > awaiting_until)) {
    answer_arrived(awaiting_id);
    awaiting_id = 0;
  }
  fflush(stdout);
}

/* Begins a command that is answered once everybody is inside. */
static void begin_entering(const char *line) {
  entering_id = id_of(line);
  entering_since = now_ns();
}

/* When the so-many-th of all comes: anywhere in its own share of the time, at once where that is 0. */
static int64_t due_at(const char *line, uint32_t number, uint32_t count) {
  const double share = (number + (double)rand() / RAND_MAX) / count;
  return entering_since + (int64_t)(number_of(line, "overMs", 0) * share * 1e6);
}

static void enter(const char *line) {
  char speech[WORD_MAX_BYTES];
  const uint32_t count = (uint32_t)number_of(line, "fans", 1);
  wish.port = (int)number_of(line, "port", 0);
  wish.under_way_max = (int)number_of(line, "underWay", 64);
  wish.batch = number_of(line, "batch", 0) != 0;
  wish.rest_us = (int)number_of(line, "restUs", 0);
  text_of(line, "path", wish.path, sizeof wish.path);
  text_of(line, "subprotocol", wish.subprotocol, sizeof wish.subprotocol);
  text_of(line, "source", wish.source, sizeof wish.source);
  if (wish.source[0] == 0) strcpy(wish.source, "127.0.0.1");
  text_of(line, "device", wish.device, sizeof wish.device);
  text_of(line, "speech", speech, sizeof speech);
  wish.speech = strcmp(speech, "bytes") == 0 ? BYTES : strcmp(speech, "socketio") == 0 ? SOCKETIO : GOLAZO;
  wish.channel_count = texts_of(line, "channels", wish.channels, CHANNELS_MAX);
  if (fan_count != 0 || (wish.speech == GOLAZO && wish.channel_count == 0)) {
    return answer_failure(id_of(line), "fans enter once, and follow something");
  }
  fan_count = count;
  fans = calloc(count, sizeof *fans);
  places = calloc((uint64_t)count * (uint32_t)wish.channel_count + 1, sizeof *places);
  queue = calloc(count, sizeof *queue);
  listeners = calloc(count, sizeof *listeners);
  begin_entering(line);
  for (uint32_t number = 0; number < count; number++) {
    wait_until(fans + number, due_at(line, number, count));
  }
}

/* Every so-many-th fan is cut off without a word, and comes back to `port` with its positions. */
static void reconnect(const char *line) {
  const uint32_t every = (uint32_t)number_of(line, "every", 100);
  wish.port = (int)number_of(line, "port", wish.port);
  wish.under_way_max = (int)number_of(line, "underWay", wish.under_way_max);
  begin_entering(line);
  for (uint32_t number = 0; number < fan_count; number += every) {
    if (fans[number].phase != INSIDE) continue;
    forget_socket(fans + number);
    wait_until(fans + number, due_at(line, number, fan_count));
  }
}

/* TCP segments with data that came to whoever is inside, as the kernel counts them. */
static uint64_t segments_received(void) {
  uint64_t segments = 0;
  for (uint32_t number = 0; number < fan_count; number++) {
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (fans[number].phase != INSIDE) continue;
    if (getsockopt(fans[number].fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
      segments += info.tcpi_data_segs_in;
    }
  }
  return segments;
}

static void answer_segments(int id) {
  printf("{\"id\":%d,\"answer\":%llu}\n", id, (unsigned long long)segments_received());
}

/* What this fan's log says of a channel adds up over all: who stands below the top has missed the rest. */
static void answer_log(int id) {
  printf("{\"id\":%d,\"answer\":{\"missed\":%llu,\"duplicated\":%llu,\"channels\":[", id,
         (unsigned long long)missed, (unsigned long long)duplicated);
  for (int channel = 0; channel < wish.channel_count; channel++) {
    uint64_t top = 0, sum = 0;
    for (uint32_t number = 0; number < fan_count; number++) {
      const uint64_t offset = places_of(fans + number)[channel].offset;
      sum += offset;
      if (offset > top) top = offset;
    }
    printf("%s[%llu,%llu]", channel == 0 ? "" : ",", (unsigned long long)top, (unsigned long long)sum);
  }
  printf("]}}\n");
}

static void answer_count(int id) {
  printf("{\"id\":%d,\"answer\":{\"publications\":%llu,\"goals\":%llu,\"bytes\":%llu,\"inside\":%u,"
         "\"answered\":%u,\"gone\":%llu,\"goodbyes\":%llu,\"refused\":%llu,\"faults\":%llu,"
         "\"snapshots\":%llu,\"byChannel\":{",
         id, (unsigned long long)delivered.publications, (unsigned long long)delivered.goals,
         (unsigned long long)delivered.bytes, inside, answered, (unsigned long long)gone,
         (unsigned long long)goodbyes, (unsigned long long)refused, (unsigned long long)faults,
         (unsigned long long)snapshots);
  for (int channel = 0; channel < wish.channel_count; channel++) {
    printf("%s\"%s\":%llu", channel == 0 ? "" : ",", wish.channels[channel],
           (unsigned long long)delivered.of_channel[channel]);
  }
  printf("}}}\n");
}

static void obey(const char *line) {
  const int id = id_of(line);
  if (is_command(line, "enter")) return enter(line);
  if (is_command(line, "reconnect")) return reconnect(line);
  if (is_command(line, "count")) return answer_count(id);
  if (is_command(line, "log")) return answer_log(id);
  if (is_command(line, "segments")) return answer_segments(id);
  if (is_command(line, "goals")) return answer_goals(id, fan_count);
  if (is_command(line, "chat")) return answer_chat(id);
  if (is_command(line, "reset")) {
    delivered.timed = 0;
    return answer_null(id);
  }
  if (is_command(line, "arrived")) {
    awaiting_id = id;
    awaited_publications = (uint64_t)number_of(line, "publications", 0);
    awaiting_until = now_ns() + (int64_t)(number_of(line, "msMax", 0) * 1e6);
    return;
  }
  answer_failure(id, "there is no such command");
}

int main(void) {
  struct rlimit descriptors;
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event on_stdin = {.events = EPOLLIN, .data.u32 = STDIN};
  epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &on_stdin);
  struct epoll_event events[EVENTS_MAX];
  for (;;) {
    const bool somebody_waits = let_in();
    answer_what_is_owed();
    const int count =
        epoll_wait(epoll, events, EVENTS_MAX, somebody_waits || awaiting_id != 0 ? 20 : -1);
    if (wish.rest_us > 0 && !somebody_waits) usleep(wish.rest_us);
    for (int at = 0; at < count; at++) {
      if (events[at].data.u32 == STDIN) {
        read_commands(obey);
        continue;
      }
      struct fan *fan = fans + events[at].data.u32;
      if (fan->phase == CONNECTING) ask_upgrade(fan);
      else if (fan->phase >= UPGRADING && fan->phase <= INSIDE) hear(fan);
    }
  }
}
