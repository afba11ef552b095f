// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/socket_probe.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <fstream>

#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

UniqueFd Bound(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const void* opaque = &address;
  EXPECT_EQ(::bind(fd.UnsafeFd(), static_cast<const sockaddr*>(opaque), sizeof(address)), 0);
  return fd;
}

TEST(ProbeSocket, FindsAListener) {
  const TemporaryDirectory directory;
  const UniqueFd fd = Bound(directory / "s");
  ASSERT_EQ(::listen(fd.UnsafeFd(), 1), 0);
  EXPECT_EQ(ProbeSocket(directory / "s"), SocketProbe::kListening);
}

TEST(ProbeSocket, TellsASocketNobodyListensOn) {
  const TemporaryDirectory directory;
  { const UniqueFd ended = Bound(directory / "s"); }
  EXPECT_EQ(ProbeSocket(directory / "s"), SocketProbe::kNotListening);
}

TEST(ProbeSocket, TellsAMissingSocket) {
  const TemporaryDirectory directory;
  EXPECT_EQ(ProbeSocket(directory / "none"), SocketProbe::kMissing);
  EXPECT_EQ(ProbeSocket(directory / "no/such/directory"), SocketProbe::kMissing);
}

TEST(ProbeSocket, TellsAFileThatIsNoSocket) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "file") << "x";
  EXPECT_EQ(ProbeSocket(directory / "file"), SocketProbe::kNotASocket);
}

TEST(ProbeSocket, RefusesAPathNoSocketCanHave) {
  EXPECT_EQ(ProbeSocket(""), SocketProbe::kBadPath);
  EXPECT_EQ(ProbeSocket("/" + std::string(107, 'a')), SocketProbe::kBadPath);
}

}  // namespace
}  // namespace procwall
