// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/proc_text.h"

#include <algorithm>
#include <concepts>

#include "attribution/decimal.h"

namespace procwall {
namespace {

// Hands out the fields of a line that are separated by one blank, counting as proc(5) does.
class StatFields {
 public:
  StatFields(std::string_view rest, int first_number) : rest_(rest), next_(first_number) {}

  // Field `number`; fields must be asked for in rising order. Empty when the line ends before.
  std::string_view Field(int number) {
    std::string_view field;
    while (next_ <= number) {
      const std::size_t end = std::min(rest_.find(' '), rest_.size());
      field = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++next_;
    }
    return field;
  }

  template <std::integral T>
  bool Read(int number, T& value) {
    const std::optional<T> parsed = ParseDecimal<T>(Field(number));
    if (parsed) value = *parsed;
    return parsed.has_value();
  }

 private:
  std::string_view rest_;
  int next_;
};

// What follows the key on the first line that begins with it; empty without one, or if the line
// was cut.
std::string_view StatusLine(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    if (text.starts_with(key)) return text.substr(key.size(), end - key.size());
    text.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace

Result<StatText> ParseStat(std::string_view text) {
  constexpr Error kMalformed{Errc::kMalformed, 0, "read /proc/PID/stat"};
  // A thread may name itself ") S 1": only the last ')' ends the name.
  const std::size_t open = text.find(" (");
  const std::size_t close = text.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2) {
    return kMalformed;
  }
  StatText stat;
  const std::optional<Pid> pid = ParseDecimal<Pid>(text.substr(0, open));
  if (!pid) return kMalformed;
  stat.pid = *pid;
  stat.comm = text.substr(open + 2, close - open - 2);

  StatFields fields(text.substr(close + 2), 3);
  const std::string_view state = fields.Field(3);
  if (state.size() != 1) return kMalformed;
  stat.state = state.front();
  ExecStamp& stamp = stat.stamp;
  const bool complete = fields.Read(4, stat.parent_pid) && fields.Read(9, stat.flags) &&
                        fields.Read(22, stamp.start_time) && fields.Read(26, stamp.start_code) &&
                        fields.Read(27, stamp.end_code) && fields.Read(28, stamp.start_stack) &&
                        fields.Read(48, stamp.arg_start) && fields.Read(49, stamp.arg_end);
  // The last field read must be followed by another: else the text was cut within it.
  if (!complete || fields.Field(50).empty()) return kMalformed;
  return stat;
}

Result<Uid> ParseStatusUid(std::string_view text) {
  constexpr Error kMalformed{Errc::kMalformed, 0, "read /proc/PID/status"};
  std::string_view line = StatusLine(text, "Uid:\t");  // real, effective, saved, filesystem
  const std::size_t real_end = line.find('\t');
  if (real_end == std::string_view::npos) return kMalformed;
  line.remove_prefix(real_end + 1);
  const std::size_t effective_end = line.find('\t');
  if (effective_end == std::string_view::npos) return kMalformed;
  const std::optional<Uid> uid = ParseDecimal<Uid>(line.substr(0, effective_end));
  if (!uid) return kMalformed;
  return *uid;
}

Result<Pid> ParseStatusLeader(std::string_view text) {
  const std::optional<Pid> leader = ParseDecimal<Pid>(StatusLine(text, "Tgid:\t"));
  if (!leader || *leader <= 0) return Error{Errc::kMalformed, 0, "read /proc/PID/status"};
  return *leader;
}

Result<Pid> ParseLoadavgLastPid(std::string_view text) {
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
    const std::optional<Pid> last = ParseDecimal<Pid>(text.substr(text.rfind(' ') + 1));
    if (last && *last > 0) return *last;
  }
  return Error{Errc::kMalformed, 0, "read /proc/loadavg"};
}

std::vector<std::string> ParseCmdline(std::string_view text) {
  std::vector<std::string> arguments;
  while (!text.empty() && arguments.size() < kMaxArguments) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    arguments.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return arguments;
}

std::optional<Inode> ParseSocketLink(std::string_view target) {
  constexpr std::string_view kPrefix = "socket:[";
  if (!target.starts_with(kPrefix) || !target.ends_with(']')) return std::nullopt;
  target.remove_prefix(kPrefix.size());
  target.remove_suffix(1);
  return ParseDecimal<Inode>(target);
}

std::optional<int> ParseNumberName(std::string_view name) {
  if (name.empty() || name.front() < '0' || name.front() > '9') return std::nullopt;
  return ParseDecimal<int>(name);
}

ExeTarget ParseExeTarget(std::string_view target) {
  constexpr std::string_view kDeleted = " (deleted)";
  if (!target.ends_with(kDeleted)) return {target, false};
  target.remove_suffix(kDeleted.size());
  return {target, true};
}

}  // namespace procwall
