// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/ui_users.h"

#include <algorithm>
#include <optional>

namespace procwall {

bool IsUiUser(const std::vector<std::string>& allowed, Uid uid, const Accounts& accounts) {
  if (uid == 0) return true;
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
    if (entry.starts_with('@')) {
      const auto members = accounts.FindGroup(entry.substr(1));
      return members && std::find(members->begin(), members->end(), uid) != members->end();
    }
    return entry == std::to_string(uid) || accounts.FindUser(entry) == uid;
  });
}

}  // namespace procwall
