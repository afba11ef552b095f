// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_probe.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>

#include "base/unique_fd.h"

namespace procwall {
namespace {

bool IsSocket(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

SocketProbe ProbeSocket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(address.sun_path)) return SocketProbe::kBadPath;
  std::copy(path.begin(), path.end(), address.sun_path);

  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.IsOpen()) return SocketProbe::kOther;
  const void* opaque = &address;  // the socket interface wants a sockaddr, which every address is
  if (::connect(fd.UnsafeFd(), static_cast<const sockaddr*>(opaque), sizeof(address)) == 0) {
    return SocketProbe::kListening;
  }
  switch (errno) {
    case EAGAIN:  // its backlog is full
      return SocketProbe::kListening;
    case ENOENT:
    case ENOTDIR:
      return SocketProbe::kMissing;
    case ECONNREFUSED:  // also what any other kind of file answers
      return IsSocket(path) ? SocketProbe::kNotListening : SocketProbe::kNotASocket;
    case EACCES:
    case EPERM:
      return SocketProbe::kNoPermission;
    default:
      return SocketProbe::kOther;
  }
}

}  // namespace procwall
