// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

namespace procwall {

// A count, or bytes, in at most five columns: "0", "0.4", "12", "980", "1.2k", "43k", "5.1G". Not
// negative.
std::string AmountText(double amount);

}  // namespace procwall
