// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace procwall {

// Whether a file of that base name in a rule directory is a rule's: "*.json", not hidden.
bool IsRuleFileName(std::string_view name);

// The base name of the file for a rule of that name: "<name>.json". What a file name cannot hold
// (slashes, control characters) becomes '_', and so does a dot or a dash
// at its beginning: the daemon does not read hidden files, and programs would take a dash for an
// option. Long names are cut between two characters.
//
// Several names may lead to one file name: `attempt` 2 gives "<name>-2.json", and so on.
std::string RuleFileName(std::string_view rule_name, std::size_t attempt = 1);

}  // namespace procwall
