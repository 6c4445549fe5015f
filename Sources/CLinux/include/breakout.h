#ifndef CLINUX_BREAKOUT_H
#define CLINUX_BREAKOUT_H

/* Attempts that an attacker would make from a worker; only for tests of the cage. */

/* The number of attempts. */
int linux_breakouts(void);

/* The name of an attempt, in words. */
const char *linux_breakout_name(int number);

/* Makes the attempt on the spool in a folder: 0 if it succeeded, otherwise the errno. */
int linux_breakout_try(int number, const char *spool);

#endif
