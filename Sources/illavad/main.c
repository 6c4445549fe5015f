/* illavad: holds signals, and becomes the daemon.

   The daemon links media libraries, whose loading takes longer than it takes a person or a program to
   send a first SIGHUP; until they are loaded no code of the daemon runs, and the signal would end it. This
   program is loaded at once, and what it holds stays held when it becomes another. */

#include "cdaemonstart.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the daemon may be, seen from the folder of this program: as built, and as installed. */
static const char *const places[] = {"illava-daemon", "../libexec/illava/illava-daemon"};

enum { fault = 70 };

int main(int count, char **words) {
  (void)count;
  char own[PATH_MAX], path[PATH_MAX + 64];
  ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
  if (length < 0) {
    perror("error: illavad cannot find out where it lies");
    return fault;
  }
  own[length] = 0;
  char *end = strrchr(own, '/');
  if (end != NULL) *end = 0;
  daemon_start_hold();
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    int size = snprintf(path, sizeof path, "%s/%s", own, places[i]);
    if (size < 0 || (size_t)size >= sizeof path) continue;
    execv(path, words);
    if (errno != ENOENT && errno != ENOTDIR) break;
  }
  fprintf(stderr,
          "error: %s cannot be run: %s\n  illavad begins it; build both with make build, or install "
          "illava again.\n",
          path, strerror(errno));
  return fault;
}
