// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>
#include <vector>

#include "daemon/mark_uses.h"

namespace procwall {

// From what iptables-save prints; `program` is what people call it: "iptables", "ip6tables". Our
// own chains are left out. Total.
std::vector<MarkUse> MarkUsesOfXtables(std::string_view program, std::string_view saved);

}  // namespace procwall
