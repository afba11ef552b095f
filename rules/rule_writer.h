// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "rules/rule.h"
#include "rules/rule_error.h"

namespace procwall {

// The text of the file that says `rule`, as opensnitchd and its GUI read it: ToJson(), and the
// conditions of a list as JSON text in `data` too, where GUIs before 1.8 look for them. Keys of
// `before`, the text of the file it takes the place of, that nobody knows are kept. If `before` has
// comments and differs only in whether it is enabled and in its dates, these alone are changed.
// Else comments are lost.
std::string RuleFileText(const Rule& rule, std::string_view before = {});
bool LosesComments(const Rule& rule, std::string_view before);

// The file of the directory (its base name) that holds the rule of that name: of several, the one
// in force. nullopt: none does. Files that cannot be read as rules are passed over.
std::optional<std::string> FindRuleFile(const std::string& directory, std::string_view rule_name);

// Saves the rule in its file, or in a new one (mode 0600) that takes no other file's name. Never
// half a file: a new one is written and put in place of the old one, whose mode and owner it gets.
// A symbolic link stays one: what it points to is replaced. A new file keeps the unknown keys of
// `source`, the text the rule came from. The path it was saved at, or why not.
tl::expected<std::string, RuleError> SaveRule(const std::string& directory, const Rule& rule,
                                              std::string_view source = {});

}  // namespace procwall
