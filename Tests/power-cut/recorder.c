/* Records what a program does to the files of one spool, in the order in which it is done.
 *
 * Loaded with LD_PRELOAD into the daemon, its workers and programs that submit files. Every call that
 * changes a file or a folder of the spool's file system, or syncs it to disk, is made and then
 * appended to ILLAVA_RECORD, under one lock for all processes. Files and folders are named by their
 * inode; which of them belong to the spool is found out by the reader, from the root downwards.
 *
 *   ILLAVA_RECORD         the record, a file outside the spool
 *   ILLAVA_RECORD_ROOT    the folder of the spool
 *   ILLAVA_RECORD_MARK    a line that is put into the record when the program starts
 *   ILLAVA_RECORD_DAEMON  set for the daemon and its workers
 *   ILLAVA_RECORD_ACROSS  folders, separated by colons: renames into them and out of them fail
 *                         as if they were file systems of their own
 *
 * Writes through stdio or a mapping are not seen. The reader compares the end of the record with
 * the real files, so whatever is missed shows.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <sys/sendfile.h>

#include "record.h"

/* --- Opening ---------------------------------------------------------------------------------- */

static int opened(int folder, const char *path, int flags, mode_t mode) {
  REAL(int, "openat", int, const char *, int, ...);
  if (record < 0 || !(flags & (O_CREAT | O_TRUNC))) return real(folder, path, flags, mode);
  lock();
  struct stat before, after;
  int existed = fstatat(folder, path, &before, 0) == 0;
  int file = real(folder, path, flags, mode);
  if (file >= 0 && recorded_file(file, &after)) {
    const char *name;
    uint64_t place = parent(folder, path, &name);
    if (!existed) {
      put((struct header){.kind = CREATE, .inode1 = place, .inode2 = after.st_ino}, name, NULL, NULL);
    } else if (flags & O_TRUNC) {
      put((struct header){.kind = TRUNCATE, .inode1 = after.st_ino}, NULL, NULL, NULL);
    }
  }
  unlock();
  return file;
}

static mode_t mode_of(int flags, va_list list) {
  return flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list list; va_start(list, flags); \
    mode_t mode = mode_of(flags, list); va_end(list); \
    return opened(AT_FDCWD, path, flags, mode); \
  }
#define OPENAT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    va_list list; va_start(list, flags); \
    mode_t mode = mode_of(flags, list); va_end(list); \
    return opened(folder, path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
int __openat_2(int folder, const char *path, int flags) { return opened(folder, path, flags, 0); }
int __openat64_2(int folder, const char *path, int flags) { return opened(folder, path, flags, 0); }
int creat(const char *path, mode_t mode) {
  return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static int made(int file, const char *path) {
  struct stat status;
  const char *name;
  if (file >= 0 && recorded_file(file, &status)) {
    uint64_t place = parent(AT_FDCWD, path, &name);
    put((struct header){.kind = CREATE, .inode1 = place, .inode2 = status.st_ino}, name, NULL, NULL);
  }
  unlock();
  return file;
}
#define TEMPORARY(name, parameters, arguments, ...) \
  int name parameters { REAL(int, #name, __VA_ARGS__); lock(); return made(real arguments, path); }
TEMPORARY(mkstemp, (char *path), (path), char *)
TEMPORARY(mkstemp64, (char *path), (path), char *)
TEMPORARY(mkostemp, (char *path, int flags), (path, flags), char *, int)
TEMPORARY(mkostemp64, (char *path, int flags), (path, flags), char *, int)
TEMPORARY(mkstemps, (char *path, int length), (path, length), char *, int)
TEMPORARY(mkostemps, (char *path, int length, int flags), (path, length, flags), char *, int, int)

/* --- Writing ---------------------------------------------------------------------------------- */

static void wrote(uint64_t inode, const void *data, ssize_t count, off_t offset) {
  if (count <= 0) return;
  put((struct header){.kind = WRITE, .inode1 = inode, .offset = (uint64_t)offset, .size = (uint64_t)count},
      NULL, NULL, data);
}

ssize_t write(int file, const void *data, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  struct stat status;
  if (!recorded_file(file, &status)) return real(file, data, size);
  lock();
  ssize_t count = real(file, data, size);
  if (count > 0) wrote(status.st_ino, data, count, lseek(file, 0, SEEK_CUR) - count);
  unlock();
  return count;
}

#define PWRITE(name) \
  ssize_t name(int file, const void *data, size_t size, off64_t offset) { \
    REAL(ssize_t, #name, int, const void *, size_t, off64_t); \
    struct stat status; \
    if (!recorded_file(file, &status)) return real(file, data, size, offset); \
    lock(); \
    ssize_t count = real(file, data, size, offset); \
    wrote(status.st_ino, data, count, offset); \
    unlock(); \
    return count; \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t writev(int file, const struct iovec *parts, int number) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  struct stat status;
  if (!recorded_file(file, &status)) return real(file, parts, number);
  lock();
  ssize_t count = real(file, parts, number), left = count;
  off_t offset = lseek(file, 0, SEEK_CUR) - count;
  for (int i = 0; i < number && left > 0; i++) {
    ssize_t part = (ssize_t)parts[i].iov_len < left ? (ssize_t)parts[i].iov_len : left;
    wrote(status.st_ino, parts[i].iov_base, part, offset);
    offset += part;
    left -= part;
  }
  unlock();
  return count;
}

#define FTRUNCATE(name) \
  int name(int file, off64_t size) { \
    REAL(int, #name, int, off64_t); \
    struct stat status; \
    if (!recorded_file(file, &status)) return real(file, size); \
    lock(); \
    int result = real(file, size); \
    if (result == 0) \
      put((struct header){.kind = TRUNCATE, .inode1 = status.st_ino, .offset = (uint64_t)size}, NULL, NULL, NULL); \
    unlock(); \
    return result; \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

/* Calls that are not used today are named in the record, so that their first use is noticed. */
#define OTHER(type, name, parameters, arguments, file, ...) \
  type name parameters { \
    REAL(type, #name, __VA_ARGS__); \
    struct stat status; \
    if (!recorded_file(file, &status)) return real arguments; \
    lock(); \
    type result = real arguments; \
    unseen(#name, status.st_ino); \
    unlock(); \
    return result; \
  }
OTHER(ssize_t, pwritev, (int f, const struct iovec *p, int n, off_t o), (f, p, n, o), f, int, const struct iovec *, int, off_t)
OTHER(ssize_t, pwritev64, (int f, const struct iovec *p, int n, off64_t o), (f, p, n, o), f, int, const struct iovec *, int, off64_t)
OTHER(ssize_t, copy_file_range, (int a, off64_t *o, int f, off64_t *q, size_t n, unsigned m), (a, o, f, q, n, m), f, int, off64_t *, int, off64_t *, size_t, unsigned)
OTHER(ssize_t, sendfile, (int f, int a, off_t *o, size_t n), (f, a, o, n), f, int, int, off_t *, size_t)
OTHER(ssize_t, sendfile64, (int f, int a, off64_t *o, size_t n), (f, a, o, n), f, int, int, off64_t *, size_t)
OTHER(int, fallocate, (int f, int m, off_t o, off_t n), (f, m, o, n), f, int, int, off_t, off_t)
OTHER(int, fallocate64, (int f, int m, off64_t o, off64_t n), (f, m, o, n), f, int, int, off64_t, off64_t)
OTHER(int, posix_fallocate, (int f, off_t o, off_t n), (f, o, n), f, int, off_t, off_t)
OTHER(int, posix_fallocate64, (int f, off64_t o, off64_t n), (f, o, n), f, int, off64_t, off64_t)

/* --- Syncing to disk -------------------------------------------------------------------------- */

#define SYNCING(name) \
  int name(int file) { \
    REAL(int, #name, int); \
    struct stat status; \
    if (record < 0 || fstat(file, &status) || status.st_dev != device) return real(file); \
    lock(); \
    int result = real(file); \
    if (result == 0) put((struct header){.kind = SYNC, .inode1 = status.st_ino}, NULL, NULL, NULL); \
    unlock(); \
    return result; \
  }
SYNCING(fsync)
SYNCING(fdatasync)

/* --- Names ------------------------------------------------------------------------------------ */

static int renamed(int from, const char *old, int to, const char *new, unsigned flags) {
  REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
  if (record < 0) return real(from, old, to, new, flags);
  lock();
  struct stat status, target;
  const char *name1, *name2;
  uint64_t place1 = parent(from, old, &name1), place2 = parent(to, new, &name2);
  for (int i = 0; i < across_count; i++) {
    if ((place1 == across[i]) != (place2 == across[i])) {
      unlock();
      errno = EXDEV;
      return -1;
    }
  }
  int known = fstatat(from, old, &status, AT_SYMLINK_NOFOLLOW) == 0;
  /* Both names belong to one file: then the kernel keeps both. */
  int same = known && fstatat(to, new, &target, AT_SYMLINK_NOFOLLOW) == 0 &&
             target.st_ino == status.st_ino && target.st_dev == status.st_dev;
  int result = real(from, old, to, new, flags);
  if (result == 0 && known && !same && (place1 || place2)) {
    if (flags & RENAME_EXCHANGE) unseen("an exchange of names", place1);
    put((struct header){.kind = RENAME, .is_folder = S_ISDIR(status.st_mode), .inode1 = place1,
            .inode2 = place2, .inode3 = status.st_ino}, name1, name2, NULL);
  }
  unlock();
  return result;
}
int rename(const char *old, const char *new) { return renamed(AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int from, const char *old, int to, const char *new) {
  return renamed(from, old, to, new, 0);
}
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
  return renamed(from, old, to, new, flags);
}

int linkat(int from, const char *old, int to, const char *new, int flags) {
  REAL(int, "linkat", int, const char *, int, const char *, int);
  if (record < 0) return real(from, old, to, new, flags);
  lock();
  int result = real(from, old, to, new, flags);
  struct stat status;
  if (result == 0 && fstatat(to, new, &status, AT_SYMLINK_NOFOLLOW) == 0) {
    const char *name;
    uint64_t place = parent(to, new, &name);
    put((struct header){.kind = LINK, .inode1 = place, .inode2 = status.st_ino}, name, NULL, NULL);
  }
  unlock();
  return result;
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

int unlinkat(int folder, const char *path, int flags) {
  REAL(int, "unlinkat", int, const char *, int);
  if (record < 0) return real(folder, path, flags);
  lock();
  const char *name;
  uint64_t place = parent(folder, path, &name);
  int result = real(folder, path, flags);
  if (result == 0 && place) put((struct header){.kind = REMOVE, .inode1 = place}, name, NULL, NULL);
  unlock();
  return result;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int result = unlink(path);
  return result && (errno == EISDIR || errno == EPERM) ? rmdir(path) : result;
}

int mkdirat(int folder, const char *path, mode_t mode) {
  REAL(int, "mkdirat", int, const char *, mode_t);
  if (record < 0) return real(folder, path, mode);
  lock();
  int result = real(folder, path, mode);
  struct stat status;
  if (result == 0 && fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      status.st_dev == device) {
    const char *name;
    uint64_t place = parent(folder, path, &name);
    put((struct header){.kind = FOLDER, .inode1 = place, .inode2 = status.st_ino}, name, NULL, NULL);
  }
  unlock();
  return result;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int symlinkat(const char *target, int folder, const char *path) {
  REAL(int, "symlinkat", const char *, int, const char *);
  int result = real(target, folder, path);
  if (result == 0 && record >= 0) {
    const char *name;
    lock();
    unseen("symlink", parent(folder, path, &name));
    unlock();
  }
  return result;
}
int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }
