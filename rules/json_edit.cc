// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/json_edit.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "rules/json_places.h"
#include "rules/text.h"

namespace procwall {
namespace {

using Json = nlohmann::json;
using Range = std::pair<std::size_t, std::size_t>;  // begin and end

bool SameKey(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ToLowerAscii, ToLowerAscii);
}

// Behind the string that begins at `begin`.
std::size_t AfterString(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

// Behind the value that begins at `begin`: always further.
std::size_t AfterValue(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  std::size_t place = begin;
  do {
    const char first = text[place];
    if (first == '"') {
      place = AfterString(text, place);
    } else if (first == '{' || first == '[') {
      ++depth;
      ++place;
    } else if (first == '}' || first == ']') {
      if (depth > 0) --depth;
      ++place;
    } else {
      place = std::min(text.find_first_of(" \t\r\n,:/\"{}[]", place + 1), text.size());
    }
    if (depth > 0) place = NextTokenPlace(text, place);
  } while (depth > 0 && place < text.size());
  return place;
}

// The value of that key among the members of the object that begins at `begin`.
std::optional<Range> FindMember(std::string_view text, std::size_t begin, std::string_view key) {
  std::optional<Range> found;
  std::size_t place = NextTokenPlace(text, begin + 1);
  while (place < text.size() && text[place] == '"') {
    const std::size_t name_end = AfterString(text, place);
    const std::string_view quoted = text.substr(place, name_end - place);
    const std::size_t value = NextTokenPlace(text, name_end);
    if (value >= text.size()) break;
    const std::size_t value_end = AfterValue(text, value);
    if (quoted.size() >= 2 && SameKey(quoted.substr(1, quoted.size() - 2), key)) {
      found = {value, value_end};
    }
    place = NextTokenPlace(text, value_end);
  }
  return found;
}

}  // namespace

bool HasComments(std::string_view json) {
  return !Json::accept(json) && Json::accept(json, /*ignore_comments=*/true);
}

std::optional<std::string> WithMember(std::string_view json, std::string_view key,
                                      std::string_view value) {
  const std::size_t begin = NextTokenPlace(json, 0);
  if (begin >= json.size() || json[begin] != '{') return std::nullopt;
  std::string text(json);
  if (const auto found = FindMember(json, begin, key)) {
    text.replace(found->first, found->second - found->first, value);
  } else {
    text.insert(begin + 1, fmt::format("\n  \"{}\": {},", key, value));
  }
  return text;
}

}  // namespace procwall
