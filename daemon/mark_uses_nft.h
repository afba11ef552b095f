// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>
#include <vector>

#include "daemon/mark_uses.h"

namespace procwall {

// From what `nft -j list ruleset` prints. Our own table is left out. Total: none of what cannot be
// read.
std::vector<MarkUse> MarkUsesOfNft(std::string_view json);

}  // namespace procwall
