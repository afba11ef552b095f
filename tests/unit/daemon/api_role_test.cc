// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_role.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/unique_fd.h"

namespace procwall {
namespace {

constexpr uid_t kDaemon = 500;
constexpr uid_t kAda = 1000;
const RoleGroups kGroups{.view = 10, .answer = 20, .administer = 30};

TEST(RoleOf, RootAndTheDaemonsOwnUserMayEverything) {
  EXPECT_EQ(RoleOf({.uid = 0}, {}, kDaemon), Role::kAdminister);
  EXPECT_EQ(RoleOf({.uid = kDaemon}, {}, kDaemon), Role::kAdminister);
}

TEST(RoleOf, EachGroupGivesItsRole) {
  EXPECT_EQ(RoleOf({.uid = kAda, .groups = {1, 10}}, kGroups, kDaemon), Role::kView);
  EXPECT_EQ(RoleOf({.uid = kAda, .groups = {1, 20}}, kGroups, kDaemon), Role::kAnswer);
  EXPECT_EQ(RoleOf({.uid = kAda, .groups = {1, 30}}, kGroups, kDaemon), Role::kAdminister);
}

TEST(RoleOf, TheMostThatAGroupGivesCounts) {
  EXPECT_EQ(RoleOf({.uid = kAda, .groups = {10, 20}}, kGroups, kDaemon), Role::kAnswer);
}

TEST(RoleOf, WhoIsInNoneOfTheGroupsHasNoRole) {
  EXPECT_EQ(RoleOf({.uid = kAda, .groups = {1}}, kGroups, kDaemon), Role::kNone);
  EXPECT_EQ(RoleOf({.uid = kAda, .groups = {0}}, {}, kDaemon), Role::kNone);
}

TEST(CredentialsOf, AreThoseOfTheOtherEnd) {
  std::array<int, 2> fds{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), 0);
  const UniqueFd one(fds[0]);
  const UniqueFd other(fds[1]);
  const auto peer = CredentialsOf(one.UnsafeFd());
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->uid, ::geteuid());
  EXPECT_EQ(peer->pid, ::getpid());
  EXPECT_THAT(peer->groups, testing::Contains(::getegid()));
}

TEST(CredentialsOf, ThereAreNoneOfWhatIsNoSocket) { EXPECT_FALSE(CredentialsOf(-1)); }

TEST(FindGroups, NamesThoseThatAreNotThere) {
  std::vector<std::string> unknown;
  const RoleGroups groups = FindGroups({"root", "no such group", ""}, &unknown);
  EXPECT_EQ(groups.view, gid_t{0});
  EXPECT_FALSE(groups.answer);
  EXPECT_FALSE(groups.administer);
  EXPECT_THAT(unknown, testing::ElementsAre("no such group"));
}

TEST(RoleName, NamesEach) {
  EXPECT_STREQ(RoleName(Role::kNone), "none");
  EXPECT_STREQ(RoleName(Role::kView), "view");
  EXPECT_STREQ(RoleName(Role::kAnswer), "answer");
  EXPECT_STREQ(RoleName(Role::kAdminister), "administer");
}

}  // namespace
}  // namespace procwall
