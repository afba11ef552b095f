// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace procwall {

// Changes of a JSON text that leave all else as it stands, comments and blanks too.

bool HasComments(std::string_view json);

// The text with another value for that key of the outermost object: in place of the old one (the
// key in any case of its letters; of several, the last), else as its first member. `value` is JSON.
// nullopt: it is no object. What is no JSON stays none: the caller reads the result again.
std::optional<std::string> WithMember(std::string_view json, std::string_view key,
                                      std::string_view value);

}  // namespace procwall
