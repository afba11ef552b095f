// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/rival_firewalls.h"

#include <algorithm>
#include <array>

#include "attribution/proc_text.h"
#include "base/file.h"

namespace procwall {
namespace {

// All of them queue the first packet of a connection to a program of theirs.
constexpr std::array<std::string_view, 4> kNames = {"opensnitchd", "portmaster-core", "douaned",
                                                    "suricata"};

std::string NameOf(const ProcessHandle& process) {
  if (const auto link = process.ExeLink()) {
    const std::string_view path = ParseExeTarget(*link).path;
    return std::string(path.substr(path.rfind('/') + 1));
  }
  constexpr std::size_t kMaxName = 64;
  auto name = ReadFileAt(process.UnsafeFd(), "comm", kMaxName, OnLarge::kCut);
  if (!name) return "";
  return name->substr(0, name->find('\n'));
}

}  // namespace

bool IsRivalFirewall(std::string_view program_name) {
  return std::ranges::find(kNames, program_name) != kNames.end();
}

Result<std::vector<RivalFirewall>> FindRivalFirewalls(const Procfs& procfs) {
  std::vector<RivalFirewall> rivals;
  std::vector<Pid> pids = PROCWALL_TRY(procfs.Pids());
  std::ranges::sort(pids);
  for (const Pid pid : pids) {
    const auto process = procfs.OpenProcess(pid);
    if (!process) continue;  // it is gone
    std::string name = NameOf(**process);
    if (IsRivalFirewall(name)) rivals.push_back({pid, std::move(name)});
  }
  return rivals;
}

}  // namespace procwall
