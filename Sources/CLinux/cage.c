#include "cage.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int linux_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int linux_forbid_tracing(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

int linux_drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  uint32_t kept = data[0].permitted & (1u << CAP_DAC_READ_SEARCH);
  if (data[0].permitted == kept && data[1].permitted == 0) return 0;
  memset(data, 0, sizeof data);
  data[0].permitted = data[0].effective = kept;
  return (int)syscall(SYS_capset, &header, data);
}

int linux_limit(int resource, uint64_t most) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return -1;
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > most) limit.rlim_max = most;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(resource, &limit);
}

int linux_raise_file_limit(uint64_t most) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  if (limit.rlim_cur >= most) return 0;
  limit.rlim_cur = limit.rlim_max < most ? limit.rlim_max : most;
  return setrlimit(RLIMIT_NOFILE, &limit);
}

int linux_threads(void) {
  struct stat status;
  /* Besides `.` and `..` the folder has one subfolder per thread. */
  return stat("/proc/self/task", &status) == 0 ? (int)status.st_nlink - 2 : -1;
}

ssize_t linux_send_files(int socket, const void *bytes, size_t count, const int *files,
                         int file_count) {
  union {
    char bytes[CMSG_SPACE(linux_most_files * sizeof(int))];
    struct cmsghdr header;
  } control;
  struct iovec piece = {.iov_base = (void *)bytes, .iov_len = count};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
  if (file_count > linux_most_files) file_count = linux_most_files;
  if (file_count > 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE((size_t)file_count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)file_count * sizeof(int));
    memcpy(CMSG_DATA(header), files, (size_t)file_count * sizeof(int));
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t linux_receive_files(int socket, void *bytes, size_t count, int *files, int *file_count) {
  union {
    char bytes[CMSG_SPACE(linux_most_files * sizeof(int))];
    struct cmsghdr header;
  } control;
  struct iovec piece = {.iov_base = bytes, .iov_len = count};
  struct msghdr message = {
      .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  *file_count = 0;
  ssize_t result = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (result < 0) return result;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    *file_count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(files, CMSG_DATA(header), (size_t)*file_count * sizeof(int));
  }
  /* Fewer arrived than were sent, because this process has too many open. */
  if (message.msg_flags & MSG_CTRUNC) {
    for (int i = 0; i < *file_count; i++) close(files[i]);
    *file_count = -1;
  }
  return result;
}
