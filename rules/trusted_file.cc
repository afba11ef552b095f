// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/trusted_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/result.h"

namespace procwall {
namespace {

using Unreadable = tl::unexpected<std::string>;

Unreadable CannotRead(const Error& error) {
  return Unreadable("cannot be read: " + error.ToString());
}

Unreadable TooLarge(std::size_t limit) {
  return Unreadable(fmt::format("larger than the {} bytes it may have", limit));
}

}  // namespace

std::optional<std::string> WhyNotTrusted(const struct stat& status, uid_t reader) {
  if (reader != 0 || (status.st_mode & S_IWOTH) == 0) return std::nullopt;
  return "everybody can change it: take the write permission from others (chmod o-w)";
}

tl::expected<std::optional<UniqueFd>, std::string> OpenTrustedFile(int directory_fd,
                                                                   const std::string& name,
                                                                   std::size_t limit,
                                                                   uid_t reader) {
  struct stat status {};
  // Asked before it is opened, for opening a device may do something.
  if (::fstatat(directory_fd, name.c_str(), &status, 0) != 0) {
    const int error = errno;
    if (error != ENOENT) return CannotRead(SystemError(error, "look at file"));
    if (::fstatat(directory_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      return Unreadable("a symbolic link to a file that is not there");
    }
    return std::nullopt;
  }
  if (!S_ISREG(status.st_mode)) return Unreadable("not a regular file");
  auto fd = OpenAt(directory_fd, name.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!fd && fd.error().code == Errc::kNotFound) return std::nullopt;
  if (!fd) return CannotRead(fd.error());
  // Another file may have taken its place.
  if (::fstat(fd->UnsafeFd(), &status) != 0) return CannotRead(SystemError(errno, "look at file"));
  if (!S_ISREG(status.st_mode)) return Unreadable("not a regular file");
  if (auto reason = WhyNotTrusted(status, reader)) return Unreadable(*std::move(reason));
  if (static_cast<std::size_t>(status.st_size) > limit) return TooLarge(limit);
  return *std::move(fd);
}

tl::expected<std::optional<std::string>, std::string> ReadTrustedFile(int directory_fd,
                                                                      const std::string& name,
                                                                      std::size_t limit,
                                                                      uid_t reader) {
  const auto opened = OpenTrustedFile(directory_fd, name, limit, reader);
  if (!opened) return Unreadable(opened.error());
  if (!*opened) return std::nullopt;
  struct stat status {};
  ::fstat((*opened)->UnsafeFd(), &status);
  std::string text;
  // One byte more than it has: the end shows in the first read.
  std::size_t room = static_cast<std::size_t>(status.st_size) + 1;
  for (;;) {
    const std::size_t size = text.size();
    text.resize(size + room);
    const ssize_t n = ::read((*opened)->UnsafeFd(), text.data() + size, room);
    text.resize(size + (n > 0 ? static_cast<std::size_t>(n) : 0));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return CannotRead(SystemError(errno, "read file"));
    if (text.size() > limit) return TooLarge(limit);
    if (n == 0) return text;
    room -= static_cast<std::size_t>(n);
    if (room == 0) room = 4096;  // it has grown
  }
}

}  // namespace procwall
