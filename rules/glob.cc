// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/glob.h"

#include <cstddef>

#include "rules/pattern.h"

namespace procwall {
namespace {

// "[!a-z]" as "[^a-z]"; empty if no bracket closes, then "[" stands for itself.
std::string TakeSet(std::string_view& rest) {
  std::size_t at = 1;
  std::string set = "[";
  if (rest.substr(at).starts_with('!') || rest.substr(at).starts_with('^')) {
    set += "^/";  // nor a slash
    ++at;
  }
  const std::size_t first = at;
  for (; at < rest.size(); ++at) {
    if (rest[at] == ']' && at > first) {
      rest.remove_prefix(at + 1);
      return set + "]";
    }
    // Within a set RE2 knows these as well, with other meanings.
    if (rest[at] == '[' || rest[at] == '\\' || rest[at] == ']' || rest[at] == '^') set += '\\';
    set += rest[at];
  }
  return "";
}

}  // namespace

std::string RegexpOfGlob(std::string_view glob) {
  std::string regexp = R"(^(?s:)";
  const auto take_literally = [&](std::size_t length) {
    regexp += Pattern::Quoted(glob.substr(0, length));
    glob.remove_prefix(length);
  };
  while (!glob.empty()) {
    if (glob.starts_with("**")) {
      regexp += ".*";
      glob.remove_prefix(2);
    } else if (glob.front() == '*') {
      regexp += "[^/]*";
      glob.remove_prefix(1);
    } else if (glob.front() == '?') {
      regexp += "[^/]";
      glob.remove_prefix(1);
    } else if (glob.front() == '[') {
      const std::string set = TakeSet(glob);
      set.empty() ? take_literally(1) : static_cast<void>(regexp += set);
    } else if (glob.front() == '\\' && glob.size() > 1) {
      glob.remove_prefix(1);
      take_literally(1);
    } else {
      take_literally(std::min(glob.find_first_of("*?[\\", 1), glob.size()));
    }
  }
  return regexp + ")$";
}

}  // namespace procwall
