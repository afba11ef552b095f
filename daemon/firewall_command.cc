// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_command.h"

#include <chrono>

#include <fmt/format.h>

#include "base/child_program.h"
#include "base/printable.h"

namespace procwall {

tl::expected<void, std::string> RunFirewallProgram(const std::vector<std::string>& arguments,
                                                   std::string_view input) {
  const Result<ProgramOutput> ran = RunProgram(arguments, input, std::chrono::seconds(15));
  if (!ran) {
    return tl::unexpected(ran.error().code == Errc::kNotFound
                              ? fmt::format("{} is not installed", arguments.front())
                              : fmt::format("{}: {}", arguments.front(), ran.error().ToString()));
  }
  if (ran->exit_code == 0) return {};
  const std::string first_line = ran->output.substr(0, ran->output.find('\n'));
  return tl::unexpected(fmt::format("{} ended with {}: {}", arguments.front(), ran->exit_code,
                                    Printable(first_line)));
}

}  // namespace procwall
