#include "cage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifndef OWN_ARCHITECTURE

int linux_can_filter_calls(void) { return 0; }

int linux_filter_calls(int pipe, int all_threads) {
  (void)pipe;
  (void)all_threads;
  errno = ENOSYS;
  return -1;
}

#else

/* Calls that are allowed whatever their arguments are; the most frequent first. None of them starts
   or reaches another process, or changes a file that is not open for writing. */
static const int allowed[] = {
    SYS_futex, SYS_read, SYS_pread64, SYS_write, SYS_close, SYS_newfstatat, SYS_fstat, SYS_lseek,
    SYS_sched_yield, SYS_munmap, SYS_brk, SYS_madvise, SYS_mremap, SYS_readv, SYS_writev,
    SYS_clock_gettime, SYS_clock_nanosleep, SYS_nanosleep, SYS_clock_getres, SYS_gettimeofday,
    SYS_rt_sigprocmask, SYS_rt_sigaction, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall,
    SYS_getrandom, SYS_gettid, SYS_getpid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid,
    SYS_getegid, SYS_exit, SYS_exit_group, SYS_set_robust_list, SYS_set_tid_address, SYS_membarrier,
    SYS_mincore, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler,
    SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getcpu, SYS_getrusage, SYS_getrlimit,
    SYS_times, SYS_sysinfo, SYS_uname, SYS_getcwd, SYS_statx, SYS_faccessat, SYS_readlinkat,
    SYS_getdents64, SYS_statfs, SYS_fstatfs, SYS_fadvise64, SYS_readahead, SYS_dup, SYS_ppoll,
    SYS_eventfd2, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, SYS_timerfd_create,
    SYS_timerfd_settime,
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_futex_waitv
    SYS_futex_waitv,
#endif
#ifdef SYS_close_range
    SYS_close_range,
#endif
#ifdef __x86_64__
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_poll, SYS_time, SYS_epoll_wait, SYS_arch_prctl,
#endif
};

static const unsigned f_commands[] = {F_GETFD, F_SETFD, F_GETFL, F_DUPFD, F_DUPFD_CLOEXEC};
static const unsigned terminal_requests[] = {TCGETS, TIOCGWINSZ, FIONREAD};
/* PR_SET_VMA names memory. */
static const unsigned process_options[] = {PR_SET_NAME, PR_GET_NAME, 0x53564d41};

enum {
  opens_for_writing = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY),
  makes_a_thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND,
  makes_a_namespace = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
                      CLONE_NEWPID | CLONE_NEWNET,
};

enum { most_steps = 512 };

struct program {
  struct sock_filter steps[most_steps];
  unsigned short count;
};

static void step(struct program *program, unsigned short code, unsigned value, unsigned char yes,
                 unsigned char no) {
  if (program->count < most_steps) {
    program->steps[program->count] =
        (struct sock_filter){.code = code, .jt = yes, .jf = no, .k = value};
  }
  program->count++;
}

static void load(struct program *program, size_t offset) {
  step(program, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void end(struct program *program, unsigned action) {
  step(program, BPF_RET | BPF_K, action, 0, 0);
}

static const unsigned refused = SECCOMP_RET_ERRNO | EPERM;

/* Steps for one call; a case that they do not decide is refused. */

static unsigned short begin(struct program *program, int call) {
  unsigned short place = program->count;
  step(program, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 0);
  return place;
}

static void finish(struct program *program, unsigned short place) {
  end(program, refused);
  /* Any other call continues after these steps. */
  if (place < most_steps) program->steps[place].jf = (unsigned char)(program->count - place - 1);
}

/* An argument's lower half, the first byte of which comes first on the processors above. All
   arguments that are looked at are numbers of 32 bits: the kernel takes no notice of the rest. */
static void load_argument(struct program *program, int number) {
  load(program, offsetof(struct seccomp_data, args) + 8 * (size_t)number);
}

static void allow_values(struct program *program, int call, int argument, const unsigned *values,
                         size_t count) {
  unsigned short place = begin(program, call);
  load_argument(program, argument);
  for (size_t i = 0; i < count; i++) {
    step(program, BPF_JMP | BPF_JEQ | BPF_K, values[i], 0, 1);
    end(program, SECCOMP_RET_ALLOW);
  }
  finish(program, place);
}

static void allow_without(struct program *program, int call, int argument, unsigned bits) {
  unsigned short place = begin(program, call);
  load_argument(program, argument);
  step(program, BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
  end(program, SECCOMP_RET_ALLOW);
  finish(program, place);
}

static void allow_threads(struct program *program) {
  unsigned short place = begin(program, SYS_clone);
  load_argument(program, 0);
  step(program, BPF_JMP | BPF_JSET | BPF_K, makes_a_namespace, 3, 0);
  step(program, BPF_ALU | BPF_AND | BPF_K, makes_a_thread, 0, 0);
  step(program, BPF_JMP | BPF_JEQ | BPF_K, makes_a_thread, 0, 1);
  end(program, SECCOMP_RET_ALLOW);
  finish(program, place);
}

/* The process must be 0 (this one), and so must the new limits, so that none are set. */
static void allow_asking_for_limits(struct program *program) {
  unsigned short place = begin(program, SYS_prlimit64);
  load_argument(program, 0);
  step(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 5);
  load_argument(program, 2);
  step(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
  load(program, offsetof(struct seccomp_data, args) + 8 * 2 + 4);
  step(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
  end(program, SECCOMP_RET_ALLOW);
  finish(program, place);
}

/* libdispatch sets the priority of its own threads. */
static void allow_own_priority(struct program *program) {
  unsigned short place = begin(program, SYS_setpriority);
  load_argument(program, 0);
  step(program, BPF_JMP | BPF_JEQ | BPF_K, PRIO_PROCESS, 0, 3);
  load_argument(program, 1);
  step(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
  end(program, SECCOMP_RET_ALLOW);
  finish(program, place);
}

static void write_program(struct program *program, unsigned pipe) {
  load(program, offsetof(struct seccomp_data, arch));
  step(program, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
  end(program, SECCOMP_RET_KILL_PROCESS);
  load(program, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  /* The x32 calls, which are different calls with the same numbers. */
  step(program, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
  end(program, refused);
#endif
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
    step(program, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)allowed[i], 0, 1);
    end(program, SECCOMP_RET_ALLOW);
  }
  /* All executable memory exists when the filter is applied; no more is created. */
  allow_without(program, SYS_mmap, 2, PROT_EXEC);
  allow_without(program, SYS_mprotect, 2, PROT_EXEC);
  allow_without(program, SYS_openat, 2, opens_for_writing);
#ifdef __x86_64__
  allow_without(program, SYS_open, 1, opens_for_writing);
#endif
  unsigned self = (unsigned)getpid();
  allow_values(program, SYS_recvmsg, 0, &pipe, 1);
  allow_values(program, SYS_kill, 0, &self, 1);
  allow_values(program, SYS_tgkill, 0, &self, 1);
  /* F_SETOWN sends signals to other processes, F_SETFL would change the daemon's stderr, too. */
  allow_values(program, SYS_fcntl, 1, f_commands, sizeof f_commands / sizeof *f_commands);
  allow_values(program, SYS_ioctl, 1, terminal_requests,
               sizeof terminal_requests / sizeof *terminal_requests);
  allow_values(program, SYS_prctl, 0, process_options,
               sizeof process_options / sizeof *process_options);
  allow_threads(program);
  allow_asking_for_limits(program);
  allow_own_priority(program);
#ifdef SYS_clone3
  /* Its flags are in memory, where no filter can read them; the C library can do without the call. */
  step(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
  end(program, SECCOMP_RET_ERRNO | ENOSYS);
#endif
  end(program, refused);
}

int linux_can_filter_calls(void) {
  unsigned action = SECCOMP_RET_KILL_PROCESS;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

int linux_filter_calls(int pipe, int all_threads) {
  struct program program = {.count = 0};
  write_program(&program, (unsigned)pipe);
  if (program.count > most_steps) {
    errno = E2BIG;
    return -1;
  }
  struct sock_fprog filter = {.len = program.count, .filter = program.steps};
  unsigned flags = all_threads ? SECCOMP_FILTER_FLAG_TSYNC : 0;
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter);
  if (result > 0) errno = EBUSY; /* A thread that could not be brought along. */
  return result == 0 ? 0 : -1;
}

#endif
