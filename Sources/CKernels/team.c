#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "ckernels.h"

// In decode every layer has five parallel parts with little in between, and waking a thread up takes
// longer than that. So threads spin for this many nanoseconds before they sleep. A fixed number of
// checks would not do, because a pause takes 10 cycles on some processors and 140 on others.
#define SPIN_NS 100000
// Checks between two readings of the clock, with a pause after each.
#define LOOKS 16

// The state of a call: a flag whether helpers may join it, and the number of helpers at work.
#define OPEN 0x80000000u

struct illava_team {
  int helpers;  // threads beside the caller
  long spin_ns;
  pthread_t *threads;
  void (*work)(void *, int);
  void *context;
  atomic_uint round;    // grows by one for every call: what helpers sleep on
  atomic_uint state;    // what the caller sleeps on
  atomic_int sleeping;  // helpers that may be asleep
  atomic_int waiting;   // whether the caller may be asleep
  atomic_int stopping;
};

typedef struct {
  illava_team *team;
  int index;
} helper;

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

static long long nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

// Spins until the word has (or no longer has) this value, or the time is over.
static void look_for(illava_team *team, atomic_uint *word, unsigned value, int equal) {
  if (!team->spin_ns) return;
  long long end = nanoseconds() + team->spin_ns;
  do {
    for (int look = 0; look < LOOKS; look++) {
      if ((atomic_load(word) == value) == equal) return;
      relax();
    }
  } while (nanoseconds() < end);
}

static void sleep_while(atomic_uint *word, unsigned value) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void wake(atomic_uint *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1 << 30, NULL, NULL, 0);
}

// Joins the call in progress. A helper that comes too late, perhaps because the processor was busy, has
// not delayed anyone.
static int join(illava_team *team) {
  unsigned state = atomic_load(&team->state);
  while (state & OPEN)
    if (atomic_compare_exchange_weak(&team->state, &state, state + 1)) return 1;
  return 0;
}

static void *help(void *argument) {
  helper own = *(helper *)argument;
  free(argument);
  illava_team *team = own.team;
  for (unsigned seen = 0;; seen = atomic_load(&team->round)) {
    if (join(team)) {
      team->work(team->context, own.index);
      if (atomic_fetch_sub(&team->state, 1) == 1 && atomic_load(&team->waiting))
        wake(&team->state);
    }
    look_for(team, &team->round, seen, 0);
    if (atomic_load(&team->round) == seen) {
      // The caller first changes the round and then reads `sleeping`, so one of the two sees the other's
      // change.
      atomic_fetch_add(&team->sleeping, 1);
      while (atomic_load(&team->round) == seen) sleep_while(&team->round, seen);
      atomic_fetch_sub(&team->sleeping, 1);
    }
    if (atomic_load(&team->stopping)) return NULL;
  }
}

illava_team *illava_team_create(int count) {
  illava_team *team = calloc(1, sizeof *team);
  if (!team) return NULL;
  team->threads = calloc(count > 1 ? (size_t)count - 1 : 1, sizeof *team->threads);
  // With more threads than processors, a spinning thread would take a processor from a working one.
  team->spin_ns = count <= illava_available_processors() ? SPIN_NS : 0;
  // Signals are handled by the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (team->threads && team->helpers < count - 1) {
    helper *own = malloc(sizeof *own);
    if (!own) break;
    *own = (helper){team, team->helpers + 1};
    if (pthread_create(&team->threads[team->helpers], NULL, help, own)) {
      free(own);
      break;  // a smaller team does the same work
    }
    team->helpers++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return team;
}

void illava_team_run(illava_team *team, void (*work)(void *context, int thread), void *context) {
  team->work = work;
  team->context = context;
  atomic_store(&team->state, OPEN);
  atomic_fetch_add(&team->round, 1);
  if (atomic_load(&team->sleeping)) wake(&team->round);
  work(context, 0);
  // The call is closed, so no helper can join it any more.
  if (!(atomic_fetch_and(&team->state, ~OPEN) & ~OPEN)) return;
  look_for(team, &team->state, 0, 1);
  if (!atomic_load(&team->state)) return;
  atomic_store(&team->waiting, 1);
  for (unsigned state; (state = atomic_load(&team->state));) sleep_while(&team->state, state);
  atomic_store(&team->waiting, 0);
}

void illava_team_free(illava_team *team) {
  if (!team) return;
  atomic_store(&team->stopping, 1);
  atomic_fetch_add(&team->round, 1);
  wake(&team->round);
  for (int i = 0; i < team->helpers; i++) pthread_join(team->threads[i], NULL);
  free(team->threads);
  free(team);
}
