/*
 * People who open the app: so many GETs a second, each on a connection of its own
 * and with nothing kept from before.
 *
 * They come when they are due, answered or not, up to a bound on those under way;
 * one counts as served once a whole 200 has come. As lean as the fans, since both
 * share the machine with what they measure.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "command_line.h"

#define OPENS_MAX 2048
#define PORTS_MAX 8
#define HEAD_BYTES 2048
#define READ_BYTES (256 * 1024)
#define STDIN 0xffffffffu

struct open {
  int fd; /* 0: a free place */
  bool is_asked;
  size_t head_length;
  /* Of the whole reply once its head has come; 0 before. */
  uint64_t length, received;
  char head[HEAD_BYTES];
};

static struct open opens[OPENS_MAX];
static int free_places[OPENS_MAX], free_count;
static int epoll, ports[PORTS_MAX], port_count;
static char path[WORD_MAX_BYTES];

/* Of the command that is answered once its time is over and nobody waits; 0: none. */
static int opening_id;
static int64_t began_at, opens_until;
static double opens_per_s;
static uint64_t begun, served, failed;

static void end_open(struct open *open, bool is_served) {
  if (is_served) served += 1;
  else failed += 1;
  const struct linger at_once = {1, 0};
  setsockopt(open->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(open->fd);
  open->fd = 0;
  free_places[free_count++] = (int)(open - opens);
}

static void begin_open(void) {
  const int port = ports[begun % (uint64_t)port_count];
  begun += 1;
  if (free_count == 0) {
    failed += 1;
    return;
  }
  struct open *open = opens + free_places[--free_count];
  memset(open, 0, sizeof *open);
  open->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct epoll_event event = {.events = EPOLLOUT, .data.u32 = (uint32_t)(open - opens)};
  epoll_ctl(epoll, EPOLL_CTL_ADD, open->fd, &event);
  if (connect(open->fd, (struct sockaddr *)&server, sizeof server) != 0 && errno != EINPROGRESS) {
    end_open(open, false);
  }
}

static void ask(struct open *open) {
  char request[WORD_MAX_BYTES + 128];
  const int length = snprintf(request, sizeof request,
                              "GET %s HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n", path);
  if (send(open->fd, request, (size_t)length, MSG_NOSIGNAL) != length) return end_open(open, false);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)(open - opens)};
  epoll_ctl(epoll, EPOLL_CTL_MOD, open->fd, &event);
  open->is_asked = true;
}

/* Takes of a head how long the reply is; false where it is none that serves anybody. */
static bool read_head(struct open *open, const char *bytes, size_t count) {
  const size_t room = HEAD_BYTES - 1 - open->head_length;
  const size_t taken = count < room ? count : room;
  memcpy(open->head + open->head_length, bytes, taken);
  open->head_length += taken;
  const char *end = strstr(open->head, "\r\n\r\n");
  if (end == NULL) return open->head_length < HEAD_BYTES - 1;
  const char *length = strcasestr(open->head, "\r\ncontent-length:");
  if (strncmp(open->head, "HTTP/1.1 200 ", 13) != 0 || length == NULL || length > end) return false;
  open->length = (uint64_t)(end + 4 - open->head) + strtoull(length + 17, NULL, 10);
  return true;
}

static void hear(struct open *open) {
  static char bytes[READ_BYTES];
  const ssize_t count = recv(open->fd, bytes, sizeof bytes, 0);
  if (count < 0 && errno == EAGAIN) return;
  if (count <= 0) return end_open(open, false);
  open->received += (uint64_t)count;
  if (open->length == 0 && !read_head(open, bytes, (size_t)count)) return end_open(open, false);
  if (open->length != 0 && open->received >= open->length) end_open(open, true);
}

/* Answers how many ms until there is something to do; -1: only for a reply. */
static int open_what_is_due(void) {
  if (opening_id == 0) return -1;
  const int64_t now = now_ns(), until = now < opens_until ? now : opens_until;
  const uint64_t due = (uint64_t)((double)(until - began_at) / 1e9 * opens_per_s);
  while (begun < due) begin_open();
  if (now < opens_until) return 1;
  if (free_count < OPENS_MAX) return -1;
  printf("{\"id\":%d,\"answer\":{\"served\":%llu,\"failed\":%llu,\"ms\":%.3f}}\n", opening_id,
         (unsigned long long)served, (unsigned long long)failed, ms_of(now - began_at));
  fflush(stdout);
  opening_id = 0;
  return -1;
}

static void obey(const char *line) {
  if (!is_command(line, "open")) return answer_failure(id_of(line), "there is no such command");
  char texts[PORTS_MAX][WORD_MAX_BYTES];
  port_count = texts_of(line, "ports", texts, PORTS_MAX);
  for (int port = 0; port < port_count; port++) ports[port] = atoi(texts[port]);
  if (port_count == 0 || opening_id != 0) {
    return answer_failure(id_of(line), "a door is needed, and one command at a time");
  }
  text_of(line, "path", path, sizeof path);
  opens_per_s = number_of(line, "perSecond", 1000);
  begun = served = failed = 0;
  opening_id = id_of(line);
  began_at = now_ns();
  opens_until = began_at + (int64_t)(number_of(line, "ms", 1000) * 1e6);
}

int main(void) {
  for (int place = OPENS_MAX - 1; place >= 0; place--) free_places[free_count++] = place;
  epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event on_stdin = {.events = EPOLLIN, .data.u32 = STDIN};
  epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &on_stdin);
  struct epoll_event events[256];
  for (;;) {
    const int wait = open_what_is_due();
    const int count = epoll_wait(epoll, events, 256, wait);
    for (int at = 0; at < count; at++) {
      if (events[at].data.u32 == STDIN) {
        read_commands(obey);
        continue;
      }
      struct open *open = opens + events[at].data.u32;
      if (open->fd == 0) continue;
      if (open->is_asked) hear(open);
      else ask(open);
    }
  }
}
