// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/compiled_rule.h"
#include "rules/decision.h"
#include "rules/references.h"
#include "rules/subject.h"
#include "tests/unit/rules/temporary_directory.h"
#include "tests/unit/rules/world.h"

namespace procwall {

// 0 is Monday. In the time zone of this host, as rules have it.
inline WallTime LocalTime(int day, int hour, int minute = 0) {
  std::tm time{};
  time.tm_year = 2026 - 1900;
  time.tm_mon = 5;
  time.tm_mday = 1 + day;  // the first of June 2026 was a Monday
  time.tm_hour = hour;
  time.tm_min = minute;
  time.tm_isdst = -1;
  return std::chrono::system_clock::from_time_t(std::mktime(&time));
}

// A packet and its program, of whom everything is known that rules can ask for. What a test is
// about is what it changes.
struct Scene {
  Connection connection = ToExample();
  std::optional<Process> process = Curl();
  std::optional<Process> creator;
  std::optional<Environment> environment{{.variables = {"HOME=/home/alice", "LANG=C"}}};
  std::optional<Hashes> hashes{{.md5 = "1bc29b36f623ba82aaf6724fd3b16718",
                                .sha1 = "8d5e957f297893487bd98fa830fa6413e35bd3e4",
                                .sha256 = "9e078a3c2cbd32f65e3a0b4cd06b5f92"
                                          "8d2b0f6df4b1bfc1f1a2c38d1f1bb5a1"}};
  std::optional<std::string_view> package = "curl";
  std::string host = "www.example.net";
  std::string sni = "www.example.net";
  Confidence confidence = Confidence::kCertain;
  std::string in_interface;
  std::string out_interface = "eth0";
  std::string profile = "home";
  WallTime now = LocalTime(0, 12);
  BootTime boot_now{};  // rules are loaded at 0

  Scene() {
    process->ancestors = {{4700, "/usr/bin/bash"}, {4000, "/usr/sbin/sshd"}};
    process->unit = "session-1.scope";
    creator.emplace().path = "/usr/sbin/inetd";
  }
  // Borrows all of it.
  Subject View() const {
    Subject subject{&connection, process ? &*process : nullptr, host};
    subject.creator = creator ? &*creator : nullptr;
    subject.environment = environment ? &*environment : nullptr;
    subject.hashes = hashes ? &*hashes : nullptr;
    subject.package = package ? &*package : nullptr;
    subject.confidence = confidence;
    subject.in_interface = in_interface;
    subject.out_interface = out_interface;
    subject.profile = profile;
    subject.sni = sni;
    subject.now = now;
    subject.boot_now = boot_now;
    return subject;
  }
};
using Change = void (*)(Scene&);
inline void AsItIs(Scene&) {}

// Something that a rule must not match, one step away from what it matches.
struct CloseMiss {
  const char* what;
  Change change;
};

inline void UnknownProgram(Scene& s) { s.process.reset(); }
inline void Nameless(Scene& s) { s.host = ""; }
inline constexpr CloseMiss kUnknownProgram{"a program nobody could name", UnknownProgram};
inline constexpr CloseMiss kNameless{"no name is known", Nameless};
inline constexpr CloseMiss kNextPort{"the next port", [](Scene& s) { ++s.connection.remote.port; }};

// A rule's "operator" as its file has it, and what that must say of two subjects and more.
struct GoldenRule {
  std::string_view op;
  Change fits;                    // makes a subject that it matches
  std::vector<CloseMiss> misses;  // each makes one of that subject that it does not match
};

// The tables, one for each file that judges its own.
std::vector<GoldenRule> ProcessGoldens();
std::vector<GoldenRule> EvidenceGoldens();
std::vector<GoldenRule> NetworkGoldens();
std::vector<GoldenRule> NameGoldens();
std::vector<GoldenRule> MomentGoldens();
std::vector<GoldenRule> ListGoldens();

// Every rule of that table, in files as each version of OpenSnitch and people write them, with each
// action, beside a rule on everything: what decides is compared, and by which action.
void Judge(const std::vector<GoldenRule>& goldens);

// What files refer to: lists of "/etc/procwall/lists/" (ads, patterns, networks, hashes) and of
// "/etc/opensnitchd/blocklists" (the ads); alice (1000), bob (1001), and the group staff, which
// alice and 7 are in; LAN and MULTICAST.
class GoldenReferences {
 public:
  GoldenReferences();
  const References& Get() const { return references_; }
  // The text, with the directories of lists that are there in place of those it names.
  std::string Located(std::string_view text) const;
  // The rule of a file; one that is refused (null), or has other notes, fails the test.
  CompiledRulePtr Read(std::string_view text, const std::vector<std::string>& notes = {}) const;

 private:
  TemporaryDirectory lists_;
  References references_;
};

// "deny by 500-golden"; "undecided; on trial: no-home".
std::string Told(const Decision& decision);

}  // namespace procwall
