// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace procwall {

// Runs nft or an iptables program with `input`, at most 15 seconds. The error is one line for
// people: the first line that the program printed, or why it could not be run.
// All that it printed is put into `output`, if there is one.
tl::expected<void, std::string> RunFirewallProgram(const std::vector<std::string>& arguments,
                                                   std::string_view input,
                                                   std::string* output = nullptr);

// Which line of its input nft or an iptables-restore complains about; 0: it does not say.
int FailedScriptLine(std::string_view output);
// The line of that number, from 1; empty: there is none.
std::string_view ScriptLine(std::string_view script, int number);

}  // namespace procwall
