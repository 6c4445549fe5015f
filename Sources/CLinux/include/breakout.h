#ifndef CLINUX_BREAKOUT_H
#define CLINUX_BREAKOUT_H

/* What a program that was taken over would try; for tests of the cage alone. */

/* The number of things to try. */
int linux_breakouts(void);

/* What one of them is, in words. */
const char *linux_breakout_name(int number);

/* Tries it on the spool whose folder is named: 0 where it went through, else the errno. */
int linux_breakout_try(int number, const char *spool);

#endif
