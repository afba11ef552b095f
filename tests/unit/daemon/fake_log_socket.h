// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include "base/unique_fd.h"

namespace procwall {

// What listens where syslog or journald would.
class FakeLogSocket {
 public:
  explicit FakeLogSocket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(static_cast<char*>(address.sun_path), path.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(
        ::bind(socket_.UnsafeFd(), static_cast<const sockaddr*>(static_cast<const void*>(&address)),
               sizeof(address)),
        0);
  }
  // The next datagram; empty when none comes.
  std::string Next() const {
    pollfd waiting{socket_.UnsafeFd(), POLLIN, 0};
    if (::poll(&waiting, 1, 30'000) != 1) return "";
    std::array<char, 65536> buffer{};
    const ssize_t n = ::recv(socket_.UnsafeFd(), buffer.data(), buffer.size(), 0);
    return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : "";
  }

 private:
  UniqueFd socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

}  // namespace procwall
