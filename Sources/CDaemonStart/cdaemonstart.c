#include "cdaemonstart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* Requests to the daemon: they are handled once it is ready. */
static const int kept[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

/* SIGIO: somebody opened a file for writing while the daemon had a lease on it. SIGXFSZ: a limit on
   the size of files, which the write then reports itself. SIGXCPU: a limit on processor time, which
   ends the process when it is used up, and nobody would be helped earlier. SIGTTIN, SIGTTOU: a
   terminal that the daemon does not own. The rest are timers and messages that nobody here uses.
   What tells of a fault (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS) still ends the
   process: going on after it would be worse. Control-Z (SIGTSTP) still stops it. */
static const int ignored[] = {SIGIO,     SIGPIPE, SIGXFSZ, SIGXCPU, SIGTTIN,   SIGTTOU, SIGALRM,
                              SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGSTKFLT, SIGPWR};

static void ignore(int signal) {
  struct sigaction action = {0};
  action.sa_handler = SIG_IGN;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

void daemon_start_hold(void) {
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) sigaddset(&set, kept[i]);
  sigprocmask(SIG_BLOCK, &set, NULL);
  for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) ignore(ignored[i]);
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++) ignore(signal);
  /* Otherwise the next opened file would receive the output to standard error. */
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      int opened = open("/dev/null", O_RDWR);
      if (opened >= 0 && opened != descriptor) close(opened);
    }
  }
}

static void before_all(int count, char **words, char **environment) {
  (void)environment;
  if (count > 1 && strcmp(words[1], "worker") == 0) return;
  daemon_start_hold();
}

/* Runs before the constructors of all libraries, because those of media libraries take long. */
__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) =
    before_all;
