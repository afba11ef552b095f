// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Why there is no such page of the rules.
enum class NoRulePage : std::uint8_t {
  kNoToken,  // that is none of ours
  kGone,     // the last rule of the page before is not there any more
};

// The rules behind the page before, whose `next_page_token` is `token` (empty: there was none), at
// most `size` of them. Nothing is kept between two pages: a rule that comes or goes meanwhile is
// there or not, all others come once. Pure.
tl::expected<v1::ListRulesResponse, NoRulePage> PageOfRules(v1::ListRulesResponse all,
                                                            std::size_t size,
                                                            const std::string& token);

}  // namespace procwall
