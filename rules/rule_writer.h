// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

#include "rules/rule.h"

namespace procwall {

// The text of the file that says `rule`, as opensnitchd and its GUI read it: ToJson(), and the
// conditions of a list as JSON text in `data` too, where GUIs before 1.8 look for them. Keys of
// `before`, the text of the file it takes the place of, that nobody knows are kept. If `before` has
// comments and differs only in whether it is enabled and in its dates, these alone are changed.
// Else comments are lost.
std::string RuleFileText(const Rule& rule, std::string_view before = {});
bool LosesComments(const Rule& rule, std::string_view before);

}  // namespace procwall
