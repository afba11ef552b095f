// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {

// Runs a program found in PATH and waits; its exit code, -1 when it could not be started.
inline int RunProgram(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = -1;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}

// Moves this test program, before its first test, into a user and a network namespace of its own,
// with nothing but a loopback that is up: no test can touch the machine's network.
class OwnNetwork final : public testing::Environment {
 public:
  void SetUp() override {
    const std::string uid = std::to_string(::getuid());
    const std::string gid = std::to_string(::getgid());
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
      FAIL() << "no namespaces: allow unprivileged user namespaces, or run this test as root";
    }
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << gid << " 1";
    ASSERT_EQ(RunProgram({"ip", "link", "set", "lo", "up"}), 0) << "the program ip is needed";
  }
};

// The same without a user namespace, for what only the machine's own root may do: the network is
// our own, and the mounts are, with tracefs where systemd has it; the rest is not. Without root the
// tests are skipped.
class OwnNetworkAsRoot final : public testing::Environment {
 public:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    ASSERT_EQ(::unshare(CLONE_NEWNET | CLONE_NEWNS), 0);
    ASSERT_EQ(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), 0);
    if (::access("/sys/kernel/tracing/events", F_OK) != 0) {  // a kernel may have none
      ::mount("lab", "/sys/kernel/tracing", "tracefs", 0, nullptr);
    }
    ASSERT_EQ(RunProgram({"ip", "link", "set", "lo", "up"}), 0) << "the program ip is needed";
  }
};

// Appends a rule to the mangle table, for IPv4 and IPv6.
inline void AddMangleRule(const std::vector<std::string>& rule) {
  for (const char* program : {"iptables", "ip6tables"}) {
    // The kernel may have either kind; the lock file is of no use in a namespace of our own.
    bool added = false;
    for (const char* kind : {"-legacy", "-nft"}) {
      std::vector<std::string> words = {"env", "XTABLES_LOCKFILE=/dev/null",
                                        std::string(program) + kind, "-t", "mangle"};
      words.insert(words.end(), rule.begin(), rule.end());
      if (!added) added = RunProgram(words) == 0;
    }
    ASSERT_TRUE(added) << program << " refused the rule";
  }
}

}  // namespace procwall
