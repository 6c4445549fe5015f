#ifndef CLINUX_CAGE_H
#define CLINUX_CAGE_H

/* Functions with which a process confines itself, and with which it sends and receives descriptors. Unless
   stated otherwise, functions return -1 and set errno when they fail. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The version of the kernel's Landlock interface, from 1 on; 0 where there is none. */
int linux_landlock_version(void);

/* The descriptor of a ruleset that forbids everything that this kernel's Landlock can forbid. */
int linux_landlock_forbid_all(void);

/* Allows reading a file, or a folder with everything below it. The returned descriptor has to stay open,
   because rules apply to inodes: those of /proc are created again, and then forbidden, once no process has
   them open. */
int linux_landlock_allow_reading(int ruleset, const char *path);

/* Applies a ruleset to this thread and to those it starts from now on. */
int linux_landlock_enter(int ruleset);

/* Whether the kernel and this build can filter system calls. */
int linux_can_filter_calls(void);

/* Allows only the system calls that computing and reading need, for this thread or for all threads
   of the process. All others fail with EPERM; ENOSYS means that this build has no list for the
   processor. Descriptors can be received on `pipe` only. */
int linux_filter_calls(int pipe, int all_threads);

/* Ensures that programs started from now on get no more rights than this process has. */
int linux_forbid_new_privileges(void);

/* Keeps other processes of the same user from tracing this one and from having its memory dumped. */
int linux_forbid_tracing(void);

/* Gives up all capabilities of this thread, except that root keeps its rights to read. */
int linux_drop_capabilities(void);

/* Sets a limit (setrlimit(2)) for good: RLIMIT_NOFILE, RLIMIT_CORE or RLIMIT_FSIZE. */
int linux_limit(int resource, uint64_t most);

/* Raises the limit on open files to `most`, or as far as this process may. */
int linux_raise_file_limit(uint64_t most);

/* The number of this process's threads. */
int linux_threads(void);

/* The most descriptors that linux_send_files sends at once. */
enum { linux_most_files = 64 };

/* Sends bytes with descriptors, which are duplicated for the receiver. Never waits, never raises SIGPIPE.
   Returns the number of bytes sent; the descriptors went with the first of them. */
ssize_t linux_send_files(int socket, const void *bytes, size_t count, const int *files,
                         int file_count);

/* Receives bytes and at most linux_most_files descriptors, closed on exec. `file_count` becomes
   their number, or -1 where some were lost. */
ssize_t linux_receive_files(int socket, void *bytes, size_t count, int *files, int *file_count);

#endif
