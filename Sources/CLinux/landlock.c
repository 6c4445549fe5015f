#include "cage.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* From linux/landlock.h, which lacks some of these where the headers are older than the kernel. */

enum { landlock_create_ruleset = 444, landlock_add_rule = 445, landlock_restrict_self = 446 };
enum { create_version = 1, rule_path_beneath = 1 };
enum {
  fs_read_file = 1 << 2,
  fs_read_dir = 1 << 3,
  /* EXECUTE up to MAKE_SYM; REFER, TRUNCATE and IOCTL_DEV came later. */
  fs_version_1 = (1 << 13) - 1,
  fs_refer = 1 << 13,
  fs_truncate = 1 << 14,
  fs_ioctl_device = 1 << 15,
  net_bind_tcp = 1 << 0,
  net_connect_tcp = 1 << 1,
  scope_abstract_socket = 1 << 0,
  scope_signal = 1 << 1,
};

struct ruleset {
  uint64_t fs;
  uint64_t net;
  uint64_t scoped;
};

struct path_beneath {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

int linux_landlock_version(void) {
  long version = syscall(landlock_create_ruleset, NULL, 0, create_version);
  return version > 0 ? (int)version : 0;
}

int linux_landlock_forbid_all(void) {
  int version = linux_landlock_version();
  if (version == 0) {
    errno = EOPNOTSUPP;
    return -1;
  }
  struct ruleset rules = {.fs = fs_version_1};
  if (version >= 2) rules.fs |= fs_refer;
  if (version >= 3) rules.fs |= fs_truncate;
  if (version >= 4) rules.net = net_bind_tcp | net_connect_tcp;
  if (version >= 5) rules.fs |= fs_ioctl_device;
  if (version >= 6) rules.scoped = scope_abstract_socket | scope_signal;
  /* A kernel ignores members that it does not know if they are 0. */
  return (int)syscall(landlock_create_ruleset, &rules, sizeof rules, 0);
}

int linux_landlock_allow_reading(int ruleset, const char *path) {
  struct stat status;
  int opened = open(path, O_PATH | O_CLOEXEC);
  if (opened < 0) return -1;
  if (fstat(opened, &status) == 0) {
    struct path_beneath rule = {
        .allowed = S_ISDIR(status.st_mode) ? fs_read_file | fs_read_dir : fs_read_file,
        .parent = opened};
    if (syscall(landlock_add_rule, ruleset, rule_path_beneath, &rule, 0) == 0) return opened;
  }
  int number = errno;
  close(opened);
  errno = number;
  return -1;
}

int linux_landlock_enter(int ruleset) { return (int)syscall(landlock_restrict_self, ruleset, 0); }
