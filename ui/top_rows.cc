// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_rows.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>
#include <utility>

#include "record/event_words.h"

namespace procwall {
namespace {

constexpr std::array<std::pair<TopSort, const char*>, 5> kSorts = {{{TopSort::kRate, "rate"},
                                                                    {TopSort::kCount, "count"},
                                                                    {TopSort::kDenied, "denied"},
                                                                    {TopSort::kName, "name"},
                                                                    {TopSort::kTime, "time"}}};

std::string LowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::vector<std::string> WordsOf(const std::string& filter) {
  std::vector<std::string> words(1);
  for (const char c : LowerCase(filter)) {
    if (c != ' ') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool IsWanted(const std::vector<std::string>& words, const TopProgram& program,
              const TopPlace& place) {
  if (words.empty()) return true;
  const v1::Event& event = place.event;
  const std::string text =
      LowerCase(program.key + "\n" + place.key + "\n" + place.state + "\n" + event.rule() + "\n" +
                event.dst_ip() + "\n" + event.src_ip() + "\n" + ConfidenceWord(event.confidence()));
  return std::ranges::all_of(
      words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

double BytesRate(const TopCounts& counts) {
  return counts.in_rate.value_or(0) + counts.out_rate.value_or(0);
}

// What is greater comes first.
std::tuple<double, double, TopTime> Weight(TopSort sort, const TopCounts& counts) {
  const auto decisions = static_cast<double>(counts.allowed + counts.denied);
  switch (sort) {
    case TopSort::kRate:
      return {BytesRate(counts), counts.per_second, counts.last};
    case TopSort::kCount:
      return {static_cast<double>(counts.live), decisions, counts.last};
    case TopSort::kDenied:
      return {static_cast<double>(counts.denied), counts.per_second, counts.last};
    case TopSort::kName:
      return {};
    case TopSort::kTime:
      return {0, 0, counts.last};
  }
  return {};
}

template <typename Item>
void Sort(std::vector<Item>& items, TopSort sort) {
  // What is equal stays where it is: in the order of names.
  std::stable_sort(items.begin(), items.end(), [sort](const Item& a, const Item& b) {
    return Weight(sort, a->counts) > Weight(sort, b->counts);
  });
}

}  // namespace

const char* TopSortName(TopSort sort) {
  for (const auto& [known, name] : kSorts) {
    if (known == sort) return name;
  }
  return "";
}

std::optional<TopSort> TopSortNamed(std::string_view name) {
  for (const auto& [sort, known] : kSorts) {
    if (name == known) return sort;
  }
  return std::nullopt;
}

TopSort NextTopSort(TopSort sort) {
  for (std::size_t i = 0; i < kSorts.size(); ++i) {
    if (kSorts.at(i).first == sort) return kSorts.at((i + 1) % kSorts.size()).first;
  }
  return TopSort::kRate;
}

std::string TopRow::Key() const {
  return place == nullptr ? program->key : program->key + "\n" + place->key;
}

std::vector<TopRow> TopRows(const std::vector<TopProgram>& programs, const TopView& view) {
  const std::vector<std::string> words = WordsOf(view.filter);
  std::vector<const TopProgram*> shown;
  for (const TopProgram& program : programs) {
    const bool any = std::ranges::any_of(
        program.places, [&](const TopPlace& place) { return IsWanted(words, program, place); });
    if (any) shown.push_back(&program);
  }
  Sort(shown, view.sort);
  std::vector<TopRow> rows;
  for (const TopProgram* program : shown) {
    rows.push_back({program, nullptr});
    if (!view.IsOpen(program->key)) continue;
    std::vector<const TopPlace*> places;
    for (const TopPlace& place : program->places) {
      if (IsWanted(words, *program, place)) places.push_back(&place);
    }
    Sort(places, view.sort);
    for (const TopPlace* place : places) rows.push_back({program, place});
  }
  return rows;
}

}  // namespace procwall
