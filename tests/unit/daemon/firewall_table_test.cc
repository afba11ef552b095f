// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_table.h"

#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

// A PATH with nothing on it but programs that note how they were called; no firewall is touched.
class FirewallTableTest : public testing::Test {
 protected:
  FirewallTableTest() {
    ::signal(SIGPIPE, SIG_IGN);  // as in the daemon: the programs here do not read their input
    ::setenv("PATH", directory_.Path().c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  }
  ~FirewallTableTest() override {
    ::setenv("PATH", path_.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
  }

  void Install(const std::string& program, int exit_code) const {
    const std::string path = directory_ / program;
    std::ofstream(path) << "#!/bin/sh\necho \"" << program << " $*\" >> " << (directory_ / "calls")
                        << "\necho 'says no'\nexit " << exit_code << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  }
  std::string Calls() const {
    std::ifstream calls(directory_ / "calls");
    return {std::istreambuf_iterator<char>(calls), {}};
  }
  static std::string ErrorOf(FirewallKind kind) {
    const auto installed = InstallFirewall(kind, {});
    return installed ? "" : installed.error();
  }

 private:
  const std::string path_ = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
  TemporaryDirectory directory_;
};

TEST_F(FirewallTableTest, NoneLeavesTheRulesToOthers) {
  const auto table = InstallFirewall(FirewallKind::kNone, {});
  ASSERT_TRUE(table);
  EXPECT_EQ((*table)->Kind(), FirewallKind::kNone);
}

TEST_F(FirewallTableTest, AutoTakesNftFirstAndRemovesTheTableAtItsEnd) {
  Install("nft", 0);
  {
    const auto table = InstallFirewall(FirewallKind::kAuto, {});
    ASSERT_TRUE(table);
    EXPECT_EQ((*table)->Kind(), FirewallKind::kNft);
    EXPECT_EQ(Calls(), "nft -f -\n");  // in the place of a predecessor's
  }
  EXPECT_EQ(Calls(), "nft -f -\nnft delete table inet procwall\n");
}

// System rules may be refused as a whole, and are left out at the next try: what keeps the host
// closed must not be removed between the two.
TEST_F(FirewallTableTest, LeavesAPredecessorsRulesThatKeepTheHostClosedWhenItFails) {
  Install("nft", 1);
  EXPECT_FALSE(InstallFirewall(FirewallKind::kNft, {.bypass = false}));
  EXPECT_EQ(Calls(), "nft -f -\n");
}

TEST_F(FirewallTableTest, LeavesWhatIsToStay) {
  Install("nft", 0);
  {
    const auto table = InstallFirewall(FirewallKind::kAuto, {});
    ASSERT_TRUE(table);
    (*table)->Stay();
  }
  EXPECT_EQ(Calls(), "nft -f -\n");
  RemoveFirewall();
  EXPECT_EQ(Calls(), "nft -f -\nnft delete table inet procwall\n");
}

TEST_F(FirewallTableTest, AutoTakesIptablesWhereNftCannot) {
  Install("nft", 1);
  for (const char* family : {"iptables", "ip6tables"}) {
    Install(family + std::string("-legacy"), 1);  // nothing of a predecessor to remove
    Install(family + std::string("-legacy-restore"), 0);
  }
  const auto table = InstallFirewall(FirewallKind::kAuto, {});
  ASSERT_TRUE(table) << table.error();
  EXPECT_EQ((*table)->Kind(), FirewallKind::kIptablesLegacy);
}

TEST_F(FirewallTableTest, TellsWhatWasTriedAndWhyItFailed) {
  Install("nft", 1);
  EXPECT_EQ(ErrorOf(FirewallKind::kAuto),
            "none of the firewall programs could install the queue rules:\n"
            "  nft: nft ended with 1: says no\n"
            "  iptables-legacy: iptables-legacy-restore is not installed\n"
            "  iptables-nft: iptables-nft-restore is not installed");
}

TEST_F(FirewallTableTest, WhatTheUserChoseIsNotReplacedByAnother) {
  Install("nft", 0);
  EXPECT_EQ(ErrorOf(FirewallKind::kIptablesNft), "iptables-nft-restore is not installed");
  EXPECT_EQ(Calls(), "nft delete table inet procwall\n");
}

TEST_F(FirewallTableTest, RemovesThePredecessorsChainsOfAnotherProgram) {
  Install("nft", 0);
  Install("iptables-nft", 0);
  ASSERT_TRUE(InstallFirewall(FirewallKind::kNft, {}));
  EXPECT_NE(Calls().find("iptables-nft -w 5 -t mangle -F PROCWALL-OUTPUT\n"
                         "iptables-nft -w 5 -t mangle -X PROCWALL-OUTPUT\n"),
            std::string::npos)
      << Calls();
}

}  // namespace
}  // namespace procwall
