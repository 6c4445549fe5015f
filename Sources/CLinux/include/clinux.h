#ifndef CLINUX_H
#define CLINUX_H

/* System calls and macros that Swift's C library module does not have. Only declarations: Swift
   reads this header without _GNU_SOURCE, the implementation is compiled with it. Unless said
   otherwise, functions return -1 and set errno where they fail. */

#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>

/* How a process that waitpid() reported ended. */
int linux_exited(int status);
int linux_exit_status(int status);
int linux_signaled(int status);
int linux_term_signal(int status);

/* Has the kernel send a signal to this process when its parent ends. */
int linux_set_parent_death_signal(int signal);

/* Renames below folder descriptors and fails with EEXIST where the new name is taken. */
int linux_rename_new(int from_folder, const char *from, int to_folder, const char *to);

/* The file system's magic number (statfs(2)) of an open file; 0 where it is not known. */
uint64_t linux_file_system_type(int descriptor);

/* Whether a process has the file open for writing: 1 yes, 0 no, -1 not known. It asks for a read
   lease, which the kernel grants only on a file that nobody writes, and gives it back. */
int linux_has_writer(int descriptor);

/* Catches signals, those that wait already, too; the reading end of a pipe that wakes whoever polls
   it when one arrives. Once per process. */
int linux_signal_pipe(const int *signals, int count);

/* Where the next bytes of a file are that are no hole (the first function), or the next hole (the
   second), at or behind a place. Fails with ENXIO behind the last of them, and with others where the
   file system does not know. */
int64_t linux_next_data(int descriptor, int64_t place);
int64_t linux_next_hole(int descriptor, int64_t place);

/* Whether a signal that is caught has arrived since this was last asked: 1 or 0. */
int linux_take_signal(int signal);

/* Closes all descriptors from this one on in a process to be spawned. */
int linux_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

/* Has the heap give blocks of so many bytes and more back to the system as soon as they are freed.
   Nothing where the C library decides that alone. */
void linux_return_freed_blocks(int bytes);

/* The number of processors this process may run on. */
int linux_processors(void);

/* Accepts a connection with both descriptors closed on exec and never waiting. */
int linux_accept(int listener);

/* Who is at the other end of a socket in the file system. */
int linux_peer(int socket, uint32_t *user, int32_t *process);

#endif
