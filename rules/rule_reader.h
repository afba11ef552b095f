// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule.h"

namespace procwall {

// Where the parts of an Operator stand in their text, as byte offsets; has the shape of the
// Operator.
struct OperatorPlaces {
  std::size_t whole = 0;
  std::size_t type = 0;
  std::size_t operand = 0;
  std::size_t data = 0;
  std::vector<OperatorPlaces> list;
};

// What could not be read, and where.
struct ReadError {
  std::size_t offset = 0;
  std::string reason;

  friend bool operator==(const ReadError&, const ReadError&) = default;
};

// A rule as its text has it, before anything is asked of it.
struct RuleText {
  Rule rule;
  OperatorPlaces places;
  std::size_t name_place = 0;
  std::size_t duration_place = 0;
  bool has_operator = false;
  std::optional<std::string> unknown_action;  // text of an action that acts as deny
};

// Fill `into` from JSON text, the way Go's decoder would fill a struct: keys in any case, unknown
// keys skipped, null leaves things as they are, the last of two equal keys wins, any other type
// than the one expected is an error. Two things are ours: // and /* */ comments are skipped, and
// bytes that are not UTF-8 are an error. On an error `into` is half filled.
std::optional<ReadError> ReadRule(std::string_view text, RuleText& into);
// The same for a JSON array of operators; offsets are into `text`.
std::optional<ReadError> ReadOperators(std::string_view text, std::vector<Operator>& into);

}  // namespace procwall
