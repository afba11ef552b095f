// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_command.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>

#include <fmt/format.h>

#include "base/child_program.h"
#include "base/printable.h"

namespace procwall {

tl::expected<void, std::string> RunFirewallProgram(const std::vector<std::string>& arguments,
                                                   std::string_view input, std::string* output) {
  const Result<ProgramOutput> ran = RunProgram(arguments, input, std::chrono::seconds(15));
  if (!ran) {
    return tl::unexpected(ran.error().code == Errc::kNotFound
                              ? fmt::format("{} is not installed", arguments.front())
                              : fmt::format("{}: {}", arguments.front(), ran.error().ToString()));
  }
  if (output != nullptr) *output = ran->output;
  if (ran->exit_code == 0) return {};
  const std::string first_line = ran->output.substr(0, ran->output.find('\n'));
  return tl::unexpected(fmt::format("{} ended with {}: {}", arguments.front(), ran->exit_code,
                                    Printable(first_line)));
}

int FailedScriptLine(std::string_view output) {
  for (const std::string_view before : {"stdin:", "at line: ", "line "}) {
    const std::size_t found = output.find(before);
    if (found == std::string_view::npos) continue;
    int line = 0;
    const char* const digits = output.data() + found + before.size();
    std::from_chars(digits, output.data() + output.size(), line);
    if (line > 0) return line;
  }
  return 0;
}

std::string_view ScriptLine(std::string_view script, int number) {
  for (int i = 1; i < number && !script.empty(); ++i) {
    script.remove_prefix(std::min(script.find('\n'), script.size() - 1) + 1);
  }
  return script.substr(0, script.find('\n'));
}

}  // namespace procwall
