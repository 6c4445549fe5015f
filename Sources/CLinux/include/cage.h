#ifndef CLINUX_CAGE_H
#define CLINUX_CAGE_H

/* What a process can do to confine itself, and descriptors sent to it while it is confined. Unless
   said otherwise, functions return -1 and set errno where they fail. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The version of the kernel's Landlock interface, from 1 on; 0 where there is none. */
int linux_landlock_version(void);

/* A ruleset that forbids everything this kernel's Landlock can forbid: its descriptor. */
int linux_landlock_forbid_all(void);

/* Allows reading a file, or a folder with all that is below. The descriptor that is returned has to
   stay open: rules are about inodes, and those of /proc are made anew, and forbidden then, when
   nobody holds them open any more. */
int linux_landlock_allow_reading(int ruleset, const char *path);

/* Puts a ruleset into force for this thread and those it starts from now on. */
int linux_landlock_enter(int ruleset);

/* Whether the kernel and this build can filter system calls. */
int linux_can_filter_calls(void);

/* Allows only the system calls that computing and reading need, for this thread or for all threads
   of the process. All others fail with EPERM; ENOSYS says that this build has no list for the
   processor. Descriptors can be received on `pipe` only. */
int linux_filter_calls(int pipe, int all_threads);

/* Has programs that are started from now on give no more rights than this process has. */
int linux_forbid_new_privileges(void);

/* Keeps other processes of the same user from tracing this one and from having its memory dumped. */
int linux_forbid_tracing(void);

/* Gives up all capabilities of this thread, except that root may go on reading what it could. */
int linux_drop_capabilities(void);

/* Sets a limit (setrlimit(2)) for good: RLIMIT_NOFILE, RLIMIT_CORE or RLIMIT_FSIZE. */
int linux_limit(int resource, uint64_t most);

/* Lets this process have so many files open, as far as it may. */
int linux_raise_file_limit(uint64_t most);

/* The number of this process's threads. */
int linux_threads(void);

/* The most descriptors that linux_send_files sends at once. */
enum { linux_most_files = 64 };

/* Sends bytes with descriptors, which are duplicated on the way. Never waits, never raises SIGPIPE.
   Returns the number of bytes sent; the descriptors went with the first of them. */
ssize_t linux_send_files(int socket, const void *bytes, size_t count, const int *files,
                         int file_count);

/* Receives bytes and at most linux_most_files descriptors, closed on exec. `file_count` becomes
   their number, or -1 where some were lost. */
ssize_t linux_receive_files(int socket, void *bytes, size_t count, int *files, int *file_count);

#endif
