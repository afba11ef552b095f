// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <vector>

#include "net/connection.h"
#include "rules/accounts.h"

namespace procwall {

// Who may serve as the UI that the daemon obeys: "name", "1000" (a uid), or "@group" (everyone in
// it). Root always may; names that nobody has are nobody.
bool IsUiUser(const std::vector<std::string>& allowed, Uid uid, const Accounts& accounts);

}  // namespace procwall
