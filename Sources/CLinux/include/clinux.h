#ifndef CLINUX_H
#define CLINUX_H

/* System calls and macros that Swift's C library module does not have. Only declarations: Swift
   reads this header without _GNU_SOURCE, the implementation is compiled with it. Unless stated
   otherwise, functions return -1 and set errno when they fail. */

#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/* The parts of a status from waitpid(). */
int linux_exited(int status);
int linux_exit_status(int status);
int linux_signaled(int status);
int linux_term_signal(int status);

/* Makes the kernel send a signal to this process when its parent ends. */
int linux_set_parent_death_signal(int signal);

/* Renames below folder descriptors and fails with EEXIST where the new name is taken. */
int linux_rename_new(int from_folder, const char *from, int to_folder, const char *to);

/* The file system's magic number (statfs(2)) of an open file; 0 where it is not known. */
uint64_t linux_file_system_type(int descriptor);

/* Whether a process has the file open for writing: 1 yes, 0 no, -1 not known. It requests a read lease,
   which the kernel grants only if no process has the file open for writing, and releases it again. */
int linux_has_writer(int descriptor);

/* Catches signals, including pending ones. Returns the reading end of a pipe that becomes readable
   when a signal arrives. Once per process. */
int linux_signal_pipe(const int *signals, int count);

/* The position of the next data in a file (the first function) or of the next hole (the second), at or
   after `place`. Fails with ENXIO after the last one, and with other errors where the file system does not
   know. */
int64_t linux_next_data(int descriptor, int64_t place);
int64_t linux_next_hole(int descriptor, int64_t place);

/* Whether a caught signal has arrived since the last call: 1 or 0. */
int linux_take_signal(int signal);

/* Closes all descriptors from this one on in a process to be spawned. */
int linux_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

/* Makes the heap return blocks of at least this many bytes to the system as soon as they are freed. Does
   nothing with a C library that has no such setting. */
void linux_return_freed_blocks(int bytes);

/* The number of processors this process may run on. */
int linux_processors(void);

/* Accepts a connection without waiting; its descriptor is closed on exec and non-blocking. */
int linux_accept(int listener);

/* The user and the process at the other end of a socket in the file system. */
int linux_peer(int socket, uint32_t *user, int32_t *process);

#endif
