// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/environment.h"

#include <algorithm>

namespace procwall {

Environment PickVariables(std::string_view text, const std::set<std::string>& names,
                          bool is_whole) {
  Environment environment{.variables = {}, .is_whole = is_whole};
  std::set<std::string_view> found;
  while (!text.empty() && found.size() < names.size()) {
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos && !is_whole) break;  // it may be cut
    const std::string_view variable = text.substr(0, end);
    text.remove_prefix(std::min(variable.size() + 1, text.size()));
    const std::size_t equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = variable.substr(0, equals);
    const auto wanted = names.find(std::string(name));
    if (wanted == names.end() || !found.emplace(*wanted).second) continue;
    environment.variables.emplace_back(variable);
  }
  if (found.size() == names.size()) environment.is_whole = true;  // the rest says nothing more
  return environment;
}

}  // namespace procwall
