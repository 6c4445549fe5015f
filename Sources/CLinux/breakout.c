#include "breakout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each function returns the result of its call; -1 with errno if it failed. A successful attempt is undone
   as far as possible. */

static const char *in(const char *spool, const char *name) {
  static char path[4096];
  snprintf(path, sizeof path, "%s/%s", spool, name);
  return path;
}

static int opened(const char *path, int flags) {
  int file = open(path, flags | O_CLOEXEC, 0600);
  if (file >= 0) close(file);
  return file;
}

static int read_foreign(const char *spool) {
  (void)spool;
  return opened("/etc/passwd", O_RDONLY);
}

static int read_store(const char *spool) { return opened(in(spool, "state.sqlite"), O_RDONLY); }

static int write_store(const char *spool) { return opened(in(spool, "state.sqlite"), O_RDWR); }

static int move_store(const char *spool) {
  char from[4096], to[4096];
  snprintf(from, sizeof from, "%s/state.sqlite", spool);
  snprintf(to, sizeof to, "%s/state.moved", spool);
  int result = rename(from, to);
  if (result == 0) rename(to, from);
  return result;
}

static int change_rights(const char *spool) { return chmod(in(spool, "state.sqlite"), 0666); }

static int list_answers(const char *spool) {
  DIR *folder = opendir(in(spool, "outbox"));
  if (folder == NULL) return -1;
  closedir(folder);
  return 0;
}

/* Writes to any existing answer if the folder can be listed, otherwise to a new one. */
static int write_answer(const char *spool) {
  char path[4096];
  snprintf(path, sizeof path, "%s/outbox/answer.json", spool);
  DIR *folder = opendir(in(spool, "outbox"));
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/outbox/%s/answer.json", spool, entry->d_name);
  }
  if (folder != NULL) closedir(folder);
  return opened(path, O_WRONLY | O_CREAT);
}

static int connected(int family, const void *address, socklen_t length) {
  int end = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (end < 0) return -1;
  int result = connect(end, address, length);
  /* Nothing listens there, but the attempt itself succeeded. */
  if (result != 0 && errno == ECONNREFUSED) result = 0;
  int number = errno;
  close(end);
  errno = number;
  return result;
}

static int connect_network(const char *spool) {
  (void)spool;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connected(AF_INET, &address, sizeof address);
}

static int connect_daemon(const char *spool) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *path = in(spool, "control.sock");
  memcpy(address.sun_path, path, strnlen(path, sizeof address.sun_path - 1));
  return connected(AF_UNIX, &address, sizeof address);
}

static int start_process(const char *spool) {
  (void)spool;
  long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  if (child > 0) waitpid((pid_t)child, NULL, 0);
  return child < 0 ? -1 : 0;
}

/* If it succeeds, the shell replaces this process, whose end shows it. */
static int start_shell(const char *spool) {
  (void)spool;
  char *const words[] = {"sh", "-c", "exit 99", NULL};
  char *const none[] = {NULL};
  return execve("/bin/sh", words, none);
}

static int trace_parent(const char *spool) {
  (void)spool;
  long result = ptrace(PTRACE_SEIZE, getppid(), 0, 0);
  if (result == 0) ptrace(PTRACE_DETACH, getppid(), 0, 0);
  return (int)result;
}

static int read_parent(const char *spool) {
  (void)spool;
  char byte;
  struct iovec here = {&byte, 1};
  struct iovec there = {(void *)(uintptr_t)&byte, 1};
  ssize_t result = process_vm_readv(getppid(), &here, 1, &there, 1, 0);
  /* Nothing is mapped at that address, but the parent's memory was accessible. */
  return result < 0 && errno != EFAULT ? -1 : 0;
}

static int open_parent(const char *spool) {
  (void)spool;
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/mem", (int)getppid());
  int file = opened(path, O_RDONLY);
  /* Where processes are hidden from each other, the file does not even exist. */
  if (file < 0 && errno == ENOENT) errno = EACCES;
  return file;
}

static int signal_parent(const char *spool) {
  (void)spool;
  return kill(getppid(), SIGURG);
}

/* Makes the kernel send SIGIO in the name of this process. */
static int signal_by_file(const char *spool) {
  (void)spool;
  return fcntl(STDERR_FILENO, F_SETOWN, getppid());
}

static int limit_parent(const char *spool) {
  (void)spool;
  struct rlimit limit;
  if (prlimit(getppid(), RLIMIT_CORE, NULL, &limit) != 0) return -1;
  return prlimit(getppid(), RLIMIT_CORE, &limit, NULL);
}

static int mount_folder(const char *spool) {
  return mount("none", in(spool, "outbox"), "tmpfs", 0, NULL);
}

static int make_namespace(const char *spool) {
  (void)spool;
  return unshare(CLONE_NEWUSER);
}

static int make_code(const char *spool) {
  (void)spool;
  void *memory =
      mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return -1;
  munmap(memory, 4096);
  return 0;
}

static int closed(long file) {
  if (file >= 0) close((int)file);
  return file < 0 ? -1 : 0;
}

static int make_ring(const char *spool) {
  (void)spool;
  char parameters[256] = {0};
  return closed(syscall(425 /* io_uring_setup */, 4, parameters));
}

static int count_events(const char *spool) {
  (void)spool;
  struct perf_event_attr event = {
      .type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_TASK_CLOCK};
  return closed(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}

static int type_into_terminal(const char *spool) {
  (void)spool;
  char key = ' ';
  return ioctl(STDERR_FILENO, 0x5412 /* TIOCSTI */, &key);
}

static const struct {
  const char *name;
  int (*attempt)(const char *);
} breakouts[] = {
    {"read /etc/passwd", read_foreign},
    {"read the store", read_store},
    {"write the store", write_store},
    {"rename the store", move_store},
    {"open the store to all", change_rights},
    {"list the outbox", list_answers},
    {"write another job's answer", write_answer},
    {"connect to the network", connect_network},
    {"connect to the daemon", connect_daemon},
    {"start a process", start_process},
    {"trace its parent", trace_parent},
    {"read its parent's memory", read_parent},
    {"open its parent's memory", open_parent},
    {"send its parent a signal", signal_parent},
    {"have the kernel send its parent signals", signal_by_file},
    {"limit its parent", limit_parent},
    {"mount a file system", mount_folder},
    {"make a namespace", make_namespace},
    {"make code", make_code},
    {"make an io_uring", make_ring},
    {"count events of the processor", count_events},
    {"type into the terminal", type_into_terminal},
    {"become a shell", start_shell},
};

int linux_breakouts(void) { return sizeof breakouts / sizeof *breakouts; }

const char *linux_breakout_name(int number) { return breakouts[number].name; }

int linux_breakout_try(int number, const char *spool) {
  errno = 0;
  if (breakouts[number].attempt(spool) >= 0) return 0;
  return errno;
}
