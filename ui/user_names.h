// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace procwall {

// The names of users, asked for once each. Thread rule: one thread only.
class UserNames {
 public:
  // Empty when the uid has no name. Valid as long as this object.
  const std::string& NameOf(std::uint32_t uid);

 private:
  std::map<std::uint32_t, std::string> names_;
};

}  // namespace procwall
