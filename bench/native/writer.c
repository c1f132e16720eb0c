/*
 * The least that a server can do for a fan-out: the same ready frame written to
 * socket after socket in a loop.
 *
 * Accepts WebSockets, answers their upgrade, and on command writes to all. It
 * checks nothing, has no limits, reads no frames and forgets nobody.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "command_line.h"

#define SOCKETS_MAX 20000
#define FRAME_MAX_BYTES 125

/* The accept key that belongs to the fans' fixed key. */
static const char UPGRADED[] =
    "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
    "sec-websocket-accept: Mc6gD7SwjA2tGwZSTmYEGwMxZZI=\r\n\r\n";

static int listener;
static int sockets[SOCKETS_MAX];
static int count = 0;

static void listen_on_loopback(int id) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t size = sizeof address;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 4096) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
    return answer_failure(id, "no port can be listened on");
  }
  printf("{\"id\":%d,\"answer\":%d}\n", id, ntohs(address.sin_port));
}

/* A fan sends its upgrade in one piece as soon as it is connected. */
static void accept_one(void) {
  const int yes = 1;
  char request[4096];
  const int socket = accept(listener, NULL, NULL);
  if (socket < 0) return;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (count == SOCKETS_MAX || recv(socket, request, sizeof request, 0) <= 0 ||
      send(socket, UPGRADED, sizeof UPGRADED - 1, MSG_NOSIGNAL) < 0) {
    close(socket);
    return;
  }
  sockets[count++] = socket;
}

static void write_all(const char *line) {
  uint8_t frame[2 + FRAME_MAX_BYTES] = {0x82};
  const int publications = (int)number_of(line, "publications", 1);
  const int bytes = (int)number_of(line, "bytes", 64);
  if (bytes > FRAME_MAX_BYTES) return answer_failure(id_of(line), "a frame has 125 bytes at most");
  frame[1] = (uint8_t)bytes;
  int failed = 0;
  for (int publication = 0; publication < publications; publication++) {
    for (int at = 0; at < count; at++) {
      if (send(sockets[at], frame, 2 + (size_t)bytes, MSG_NOSIGNAL) < 0) failed += 1;
    }
  }
  if (failed > 0) return answer_failure(id_of(line), "a socket is gone");
  answer_null(id_of(line));
}

static void obey(const char *line) {
  if (is_command(line, "listen")) return listen_on_loopback(id_of(line));
  if (is_command(line, "write")) return write_all(line);
  answer_failure(id_of(line), "there is no such command");
}

int main(void) {
  struct rlimit descriptors;
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);
  struct pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {-1, POLLIN, 0}};
  for (;;) {
    watched[1].fd = listener == 0 ? -1 : listener;
    poll(watched, 2, -1);
    if (watched[1].revents & POLLIN) accept_one();
    if (watched[0].revents != 0) read_commands(obey);
  }
}
