// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ui/top_model.h"

namespace procwall {

// By what rows are sorted, the most of it first (names: from a to z).
enum class TopSort : std::uint8_t { kRate, kCount, kDenied, kName, kTime };
const char* TopSortName(TopSort sort);  // "rate", "count", "denied", "name", "time"
std::optional<TopSort> TopSortNamed(std::string_view name);
TopSort NextTopSort(TopSort sort);

// Which rows are wanted.
struct TopView {
  TopSort sort = TopSort::kRate;
  // Words, each of which must be somewhere in program, other side, state or rule, in any case.
  std::string filter{};
  bool all_open = false;           // programs show their places, but for those in `turned`
  std::set<std::string> turned{};  // programs that are the other way

  bool IsOpen(const std::string& program) const { return all_open != turned.contains(program); }
};

// A program, or one of its places. Points into the programs it was made of.
struct TopRow {
  const TopProgram* program = nullptr;
  const TopPlace* place = nullptr;  // null: the program itself

  std::string Key() const;
  const TopCounts& Counts() const { return place == nullptr ? program->counts : place->counts; }
  const v1::Event& Event() const { return place == nullptr ? program->event : place->event; }
};

// Programs, sorted; below each that is open its places, sorted likewise.
std::vector<TopRow> TopRows(const std::vector<TopProgram>& programs, const TopView& view);

}  // namespace procwall
