// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdlib>
#include <string_view>

#include "attribution/proc_text.h"

namespace procwall {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void ParseEverything(std::string_view text) {
  if (const auto stat = ParseStat(text)) Require(stat->comm.size() < text.size());
  (void)ParseStatusUid(text);
  if (const auto leader = ParseStatusLeader(text)) Require(*leader > 0);
  if (const auto last = ParseLoadavgLastPid(text)) Require(*last > 0);
  const std::vector<std::string> arguments = ParseCmdline(text);
  Require(arguments.size() <= kMaxArguments);
  std::size_t size = 0;
  for (const std::string& argument : arguments) size += argument.size();
  Require(size <= text.size());
  if (const auto inode = ParseSocketLink(text)) Require(text.size() >= 10 && text[0] == 's');
  if (const auto number = ParseNumberName(text)) Require(*number >= 0);
  Require(text.starts_with(ParseExeTarget(text).path));
}

}  // namespace
}  // namespace procwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  procwall::ParseEverything({reinterpret_cast<const char*>(data), size});
  return 0;
}
