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
tl::expected<void, std::string> RunFirewallProgram(const std::vector<std::string>& arguments,
                                                   std::string_view input);

}  // namespace procwall
