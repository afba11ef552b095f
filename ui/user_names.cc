// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/user_names.h"

#include <pwd.h>

#include <array>

namespace procwall {

const std::string& UserNames::NameOf(std::uint32_t uid) {
  const auto [entry, is_new] = names_.try_emplace(uid);
  if (is_new) {
    passwd record{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer;
    // An entry that does not fit has no name worth a column.
    if (::getpwuid_r(uid, &record, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
      entry->second = found->pw_name;
    }
  }
  return entry->second;
}

}  // namespace procwall
