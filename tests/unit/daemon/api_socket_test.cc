// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

class ApiSocketTest : public testing::Test {
 protected:
  std::string Listen(const RoleGroups& groups = {}) { return ListenAt(path, groups); }
  std::string ListenAt(const std::string& place, const RoleGroups& groups = {}) {
    auto listening = ApiSocket::Listen(place, groups);
    if (!listening) return listening.error();
    socket = *std::move(listening);
    return "";
  }
  unsigned ModeOf() const { return ModeOf(path); }
  static unsigned ModeOf(const std::string& place) {
    struct stat found {};
    EXPECT_EQ(::stat(place.c_str(), &found), 0);
    return found.st_mode & 0777U;
  }
  UniqueFd Connect() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(static_cast<char*>(address.sun_path), path.c_str(), sizeof(address.sun_path) - 1);
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(
        ::connect(fd.UnsafeFd(), static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                  sizeof(address)),
        0);
    return fd;
  }

  TemporaryDirectory directory;
  const std::string path = directory / "api.sock";
  std::unique_ptr<ApiSocket> socket;
};

TEST_F(ApiSocketTest, HandsOverWhoConnectsAndKnowsThem) {
  ASSERT_EQ(Listen(), "");
  std::promise<UniqueFd> connected;
  socket->Start([&](UniqueFd client) { connected.set_value(std::move(client)); });
  const UniqueFd other = Connect();
  const UniqueFd client = connected.get_future().get();
  const ApiPeer peer = socket->PeerOf("fd:" + std::to_string(client.UnsafeFd()));
  EXPECT_EQ(peer.uid, ::geteuid());
  EXPECT_EQ(peer.role, Role::kAdminister);
  socket->Stop();
}

TEST_F(ApiSocketTest, WhomItDoesNotKnowHasNoRole) {
  ASSERT_EQ(Listen(), "");
  for (const char* name : {"", "fd:", "fd:x", "fd:4x", "fd:99999", "unix:", "ipv4:127.0.0.1:1"}) {
    EXPECT_EQ(socket->PeerOf(name).role, Role::kNone) << name;
  }
}

TEST_F(ApiSocketTest, IsRootsAloneWhereNoGroupHasARole) {
  ASSERT_EQ(Listen(), "");
  EXPECT_EQ(ModeOf(), 0600U);
}

TEST_F(ApiSocketTest, IsForOneGroupWhereOnlyOneHasARole) {
  ASSERT_EQ(Listen({.view = ::getegid(), .administer = ::getegid()}), "");
  EXPECT_EQ(ModeOf(), 0660U);
}

TEST_F(ApiSocketTest, IsForAllToKnockOnWhereSeveralGroupsHaveRoles) {
  ASSERT_EQ(Listen({.view = ::getegid(), .answer = ::getegid() + 1}), "");
  EXPECT_EQ(ModeOf(), 0666U);
}

TEST_F(ApiSocketTest, MakesAFolderThatOthersMayEnterAndNotChange) {
  for (const mode_t umask : {0000U, 0077U}) {
    const std::string folder = directory / fmt::format("run{:o}", umask);
    const mode_t before = ::umask(umask);
    EXPECT_EQ(ListenAt(folder + "/deeper/api.sock"), "");
    EXPECT_EQ(::umask(before), umask);  // as it was
    EXPECT_EQ(ModeOf(folder), 0755U);
    EXPECT_EQ(ModeOf(folder + "/deeper"), 0755U);
  }
}

TEST_F(ApiSocketTest, RefusesAFolderThatOthersMayWriteTo) {
  for (const mode_t mode : {0777U, 0770U, 01777U}) {  // sticky helps only where it is root's
    if (mode == 01777U && ::geteuid() == 0) continue;
    ASSERT_EQ(::chmod(directory.Path().c_str(), mode), 0);
    EXPECT_EQ(Listen(), "others may write to the folder of " + path +
                            ", and so replace the socket: `chmod go-w " +
                            directory.Path().string() + "`");
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  ASSERT_EQ(::chmod(directory.Path().c_str(), 0755), 0);
  EXPECT_EQ(Listen(), "");
}

TEST_F(ApiSocketTest, TakesAStickyFolderOfRoot) {
  struct stat status {};
  if (::stat("/tmp", &status) != 0 || status.st_uid != 0 || (status.st_mode & S_ISVTX) == 0) {
    GTEST_SKIP() << "/tmp is not root's, or not sticky";
  }
  EXPECT_EQ(ListenAt(fmt::format("/tmp/procwall-api-socket-test-{}", ::getpid())), "");
}

TEST_F(ApiSocketTest, RefusesAFolderOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root gives folders away";
  if (::chown(directory.Path().c_str(), 4242, 4242) != 0) GTEST_SKIP() << "nobody else is here";
  EXPECT_EQ(Listen(), "the folder of " + path + " belongs to another user: it must be root's");
}

TEST_F(ApiSocketTest, ReplacesADeadOneAndNotALivingOne) {
  ASSERT_EQ(Listen(), "");
  EXPECT_EQ(ApiSocket::Listen(path, {}).error(), "another procwalld answers on " + path);
  socket.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(Listen(), "");
}

}  // namespace
}  // namespace procwall
