#ifndef CDAEMONSTART_H
#define CDAEMONSTART_H

/* What a daemon does before anything else, so that nothing that is sent to it while it starts ends
   it. A program that has this library does it before its first constructor runs, unless its first
   argument is "worker"; calling it again changes nothing. */

/* Keeps SIGHUP, SIGINT, SIGQUIT and SIGTERM waiting until they are caught, ignores every other
   signal that would end or stop the process and is no fault of the program itself, and opens
   /dev/null where descriptors 0, 1 or 2 are closed. */
void daemon_start_hold(void);

#endif
