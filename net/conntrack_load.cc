// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/conntrack_load.h"

#include <fcntl.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"

namespace procwall {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;  // some 200 bytes for each processor

std::vector<std::string_view> WordsOf(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    words.push_back(line.substr(0, line.find(' ')));
    line.remove_prefix(words.back().size());
  }
}

std::string_view TakeLine(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
  return line;
}

std::optional<std::size_t> PlaceOf(const std::vector<std::string_view>& names,
                                   std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  return std::nullopt;
}

std::uint64_t NumberAt(const std::vector<std::string_view>& words, std::size_t place, int base) {
  std::uint64_t number = 0;
  if (place >= words.size()) return 0;
  std::from_chars(words[place].data(), words[place].data() + words[place].size(), number, base);
  return number;
}

}  // namespace

Result<ConntrackLoad> ParseConntrackStat(std::string_view text) {
  const auto names = WordsOf(TakeLine(text));
  const auto entries = PlaceOf(names, "entries");
  const auto dropped = PlaceOf(names, "drop");
  const auto forgotten = PlaceOf(names, "early_drop");
  if (!entries || !dropped || !forgotten) {
    return Error{Errc::kMalformed, 0, "read conntrack's counters"};
  }
  ConntrackLoad load;
  while (!text.empty()) {
    const auto numbers = WordsOf(TakeLine(text));
    if (numbers.empty()) continue;
    load.entries = NumberAt(numbers, *entries, 16);
    load.dropped += NumberAt(numbers, *dropped, 16);
    load.forgotten += NumberAt(numbers, *forgotten, 16);
  }
  return load;
}

Result<ConntrackLoad> ReadConntrackLoad() {
  const std::string stat =
      PROCWALL_TRY(ReadFileAt(AT_FDCWD, "/proc/self/net/stat/nf_conntrack", kMostBytes));
  ConntrackLoad load = PROCWALL_TRY(ParseConntrackStat(stat));
  const auto most = ReadFileAt(AT_FDCWD, "/proc/sys/net/netfilter/nf_conntrack_max", 64);
  if (most) load.most = NumberAt(WordsOf(*most), 0, 10);
  return load;
}

}  // namespace procwall
