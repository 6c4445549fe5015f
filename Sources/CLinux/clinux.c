#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

int linux_exited(int status) { return WIFEXITED(status); }
int linux_exit_status(int status) { return WEXITSTATUS(status); }
int linux_signaled(int status) { return WIFSIGNALED(status); }
int linux_term_signal(int status) { return WTERMSIG(status); }

int linux_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int linux_rename_new(int from_folder, const char *from, int to_folder, const char *to) {
  return renameat2(from_folder, from, to_folder, to, RENAME_NOREPLACE);
}

uint64_t linux_file_system_type(int descriptor) {
  struct statfs status;
  if (fstatfs(descriptor, &status) != 0) return 0;
  return (uint64_t)(unsigned long)status.f_type;
}

int linux_has_writer(int descriptor) {
  if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
    fcntl(descriptor, F_SETLEASE, F_UNLCK);
    return 0;
  }
  /* EACCES: another user's file; EINVAL: a file system without leases. */
  return errno == EAGAIN ? 1 : -1;
}

static int signal_pipe_end = -1;
static atomic_int arrived[NSIG];

static void on_signal(int signal) {
  int saved = errno;
  atomic_store(&arrived[signal], 1);
  unsigned char byte = 0;
  /* A full pipe also wakes the reader. */
  ssize_t ignored = write(signal_pipe_end, &byte, 1);
  (void)ignored;
  errno = saved;
}

int linux_signal_pipe(const int *signals, int count) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  signal_pipe_end = ends[1];
  struct sigaction action = {0};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) {
    if (sigaction(signals[i], &action, NULL) != 0) return -1;
    sigaddset(&set, signals[i]);
  }
  return sigprocmask(SIG_UNBLOCK, &set, NULL) == 0 ? ends[0] : -1;
}

int linux_take_signal(int signal) {
  return signal > 0 && signal < NSIG && atomic_exchange(&arrived[signal], 0) != 0;
}

int64_t linux_next_data(int descriptor, int64_t place) {
  return lseek(descriptor, place, SEEK_DATA);
}

int64_t linux_next_hole(int descriptor, int64_t place) {
  return lseek(descriptor, place, SEEK_HOLE);
}

int linux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

void linux_return_freed_blocks(int bytes) {
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, bytes);
#else
  (void)bytes;
#endif
}

int linux_processors(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

int linux_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int linux_peer(int socket, uint32_t *user, int32_t *process) {
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
  *user = credentials.uid;
  *process = credentials.pid;
  return 0;
}
