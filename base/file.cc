// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace procwall {
namespace {

Status WriteAll(int fd, const std::string& content) {
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t n = ::write(fd, content.data() + written, content.size() - written);
    if (n < 0) {
      if (errno == EINTR) continue;
      return SystemError(errno, "write file");
    }
    written += static_cast<std::size_t>(n);
  }
  return {};
}

}  // namespace

Result<UniqueFd> OpenAt(int directory_fd, const char* path, int flags) {
  for (;;) {
    UniqueFd fd(::openat(directory_fd, path, flags | O_CLOEXEC));
    if (fd.IsOpen()) return fd;
    if (errno != EINTR) return SystemError(errno, "open file");
  }
}

Result<std::string> ReadFileAt(int directory_fd, const char* path, std::size_t limit,
                               OnLarge on_large) {
  // O_NONBLOCK: a named pipe put where a file should be must not hold us.
  const UniqueFd fd = PROCWALL_TRY(OpenAt(directory_fd, path, O_RDONLY | O_NONBLOCK));
  std::string content;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t n = ::read(fd.UnsafeFd(), buffer.data(), buffer.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return SystemError(errno, "read file");
    }
    if (n == 0) return content;
    const auto size = static_cast<std::size_t>(n);
    if (content.size() + size > limit) {
      if (on_large == OnLarge::kRefuse) return Error{Errc::kTooLarge, 0, "read file"};
      content.append(buffer.data(), limit - content.size());
      return content;
    }
    content.append(buffer.data(), size);
  }
}

Result<std::string> ReadLinkAt(int directory_fd, const char* path) {
  std::array<char, PATH_MAX> target;
  const ssize_t n = ::readlinkat(directory_fd, path, target.data(), target.size());
  if (n < 0) return SystemError(errno, "read link");
  return std::string(target.data(), static_cast<std::size_t>(n));
}

Status WriteFileAtomically(const std::string& path, const std::string& content, unsigned mode) {
  struct stat before {};
  const bool existed = ::stat(path.c_str(), &before) == 0;
  std::string temporary = path + ".XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.IsOpen()) return SystemError(errno, "create temporary file");

  const auto write = [&]() -> Status {
    if (::fchmod(fd.UnsafeFd(), existed ? before.st_mode & 07777U : mode) != 0) {
      return SystemError(errno, "set file mode");
    }
    if (existed && ::fchown(fd.UnsafeFd(), before.st_uid, before.st_gid) != 0 && errno != EPERM) {
      return SystemError(errno, "set file owner");
    }
    PROCWALL_TRY_STATUS(WriteAll(fd.UnsafeFd(), content));
    if (::fsync(fd.UnsafeFd()) != 0) return SystemError(errno, "sync file");
    if (std::rename(temporary.c_str(), path.c_str()) != 0) return SystemError(errno, "rename file");
    return {};
  };
  Status written = write();
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace procwall
