/* The record that recorder.c writes: its entries, its lock, and which files belong to the spool. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
  CREATE = 1, FOLDER, RENAME, LINK, REMOVE, WRITE, TRUNCATE, SYNC, MARK, UNSEEN, ROOT
};

/* The header of each entry, in the byte order of the machine. */
struct header {
  uint32_t kind;
  uint16_t is_folder, is_daemon;
  uint32_t length1, length2;
  uint64_t inode1, inode2, inode3, offset, size;
};

static int record = -1;
static dev_t device;
static int is_daemon;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static ino_t across[8];
static int across_count;

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

/* One change at a time, in all processes. */
static void lock(void) {
  int saved = errno;
  pthread_mutex_lock(&mutex);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  while (record >= 0 && fcntl(record, F_OFD_SETLKW, &whole) < 0 && errno == EINTR) {}
  errno = saved;
}

static void unlock(void) {
  int saved = errno;
  struct flock whole = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
  if (record >= 0) fcntl(record, F_OFD_SETLK, &whole);
  pthread_mutex_unlock(&mutex);
  errno = saved;
}

static void put(struct header header, const char *name1, const char *name2, const void *data) {
  REAL(ssize_t, "writev", int, const struct iovec *, int);
  if (record < 0) return;
  int saved = errno;
  header.is_daemon = (uint16_t)is_daemon;
  header.length1 = name1 ? (uint32_t)strlen(name1) : 0;
  header.length2 = name2 ? (uint32_t)strlen(name2) : 0;
  struct iovec parts[] = {
      {&header, sizeof header}, {(void *)name1, header.length1}, {(void *)name2, header.length2},
      {(void *)data, data ? header.size : 0}};
  if (real(record, parts, 4) < 0) abort();
  errno = saved;
}

/* The folder that a path ends in, and its last part. */
static uint64_t parent(int folder, const char *path, const char **name) {
  struct stat status;
  char head[4096];
  const char *slash = strrchr(path, '/');
  *name = slash ? slash + 1 : path;
  if (!slash) {
    if (folder == AT_FDCWD ? stat(".", &status) : fstat(folder, &status)) return 0;
  } else {
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    if (length >= sizeof head) return 0;
    memcpy(head, path, length);
    head[length] = 0;
    if (fstatat(folder, head, &status, 0)) return 0;
  }
  return status.st_dev == device ? status.st_ino : 0;
}

static int recorded_file(int file, struct stat *status) {
  int saved = errno;
  int is = record >= 0 && fstat(file, status) == 0 && S_ISREG(status->st_mode) &&
           status->st_dev == device;
  errno = saved;
  return is;
}

static void unseen(const char *call, uint64_t inode) {
  put((struct header){.kind = UNSEEN, .inode1 = inode}, call, NULL, NULL);
}

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("ILLAVA_RECORD"), *root = getenv("ILLAVA_RECORD_ROOT");
  struct stat status;
  if (!path || !root || stat(root, &status)) return;
  REAL(int, "open", const char *, int, ...);
  int file = real(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) abort();
  /* A high number, because some programs expect low ones to be free. */
  record = fcntl(file, F_DUPFD_CLOEXEC, 200);
  close(file);
  device = status.st_dev;
  is_daemon = getenv("ILLAVA_RECORD_DAEMON") != NULL;
  lock();
  put((struct header){.kind = ROOT, .inode1 = status.st_ino}, NULL, NULL, NULL);
  const char *mark = getenv("ILLAVA_RECORD_MARK");
  if (mark) put((struct header){.kind = MARK}, mark, NULL, NULL);
  unlock();
  char *list = getenv("ILLAVA_RECORD_ACROSS");
  list = list ? strdup(list) : NULL;
  for (char *one = list ? strtok(list, ":") : NULL; one; one = strtok(NULL, ":")) {
    if (across_count < 8 && stat(one, &status) == 0) across[across_count++] = status.st_ino;
  }
  free(list);
}
