/*
 * Commands in as JSON lines, answers out as JSON lines: what bench/load_process.ts
 * says to a program written in C.
 *
 * A line is one flat object of numbers and plain strings made by JSON.stringify,
 * each name once; so a value is found by its name, and nothing here is a parser.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 65536
#define WORD_MAX_BYTES 128

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static double ms_of(int64_t ns) { return (double)ns / 1e6; }

/* Where the value of a name begins; NULL where there is none. */
static const char *value_of(const char *line, const char *name) {
  char quoted[WORD_MAX_BYTES];
  snprintf(quoted, sizeof quoted, "\"%s\":", name);
  const char *found = strstr(line, quoted);
  return found == NULL ? NULL : found + strlen(quoted);
}

static double number_of(const char *line, const char *name, double otherwise) {
  const char *value = value_of(line, name);
  if (value == NULL) return otherwise;
  if (strncmp(value, "true", 4) == 0) return 1;
  return strtod(value, NULL);
}

/* Copies the string that begins at `value`, answers what follows it; NULL where none does. */
static const char *copy_text(const char *value, char *text, size_t size) {
  const char *end = value == NULL || *value != '"' ? NULL : strchr(value + 1, '"');
  if (end == NULL || (size_t)(end - value) > size) return NULL;
  memcpy(text, value + 1, (size_t)(end - value - 1));
  text[end - value - 1] = 0;
  return end + 1;
}

/* Empty where there is none. */
static void text_of(const char *line, const char *name, char *text, size_t size) {
  if (copy_text(value_of(line, name), text, size) == NULL) text[0] = 0;
}

/* Of a list of strings; answers how many. */
static inline int texts_of(const char *line, const char *name, char texts[][WORD_MAX_BYTES], int max) {
  const char *at = value_of(line, name);
  int count = 0;
  while (at != NULL && (*at == '[' || *at == ',') && count < max) {
    at = copy_text(at + 1, texts[count], WORD_MAX_BYTES);
    if (at != NULL) count += 1;
  }
  return count;
}

static bool is_command(const char *line, const char *command) {
  char said[WORD_MAX_BYTES];
  text_of(line, "command", said, sizeof said);
  return strcmp(said, command) == 0;
}

static int id_of(const char *line) { return (int)number_of(line, "id", 0); }

static inline void answer_null(int id) { printf("{\"id\":%d,\"answer\":null}\n", id); }

static void answer_failure(int id, const char *reason) {
  printf("{\"id\":%d,\"reason\":\"%s\"}\n", id, reason);
}

/* What every program answers, to have its clock read; false: it is something else. */
static bool obey_common(const char *line) {
  if (!is_command(line, "echo")) return false;
  printf("{\"id\":%d,\"answer\":%.6f}\n", id_of(line), ms_of(now_ns()));
  return true;
}

/* Reads what is there on stdin and has each whole line obeyed; ends with whoever started us. */
static void read_commands(void (*obey)(const char *line)) {
  static char lines[LINE_MAX_BYTES];
  static size_t length = 0;
  ssize_t count = read(STDIN_FILENO, lines + length, sizeof lines - length - 1);
  if (count <= 0) exit(0);
  length += (size_t)count;
  lines[length] = 0;
  char *line = lines;
  for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
    *end = 0;
    if (!obey_common(line)) obey(line);
  }
  fflush(stdout);
  length -= (size_t)(line - lines);
  memmove(lines, line, length + 1);
}
