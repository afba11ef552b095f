// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/queue_counters.h"

#include <fcntl.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <string>

#include "base/file.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxQueueTableBytes = std::size_t{8} << 20;  // 65,536 queues, 64 bytes a line

// Columns of net/netfilter/nfnetlink_queue.c, seq_show().
enum Column : std::size_t {
  kQueueNumber,
  kPeerPort,
  kWaiting,
  kCopyMode,
  kCopyRange,
  kQueueDropped,
  kUserDropped,
  kLastId,
  kColumns,
};
using Line = std::array<std::uint64_t, kColumns>;

std::optional<Line> ParseLine(std::string_view text) {
  Line line{};
  for (std::uint64_t& number : line) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return line;
}

}  // namespace

std::optional<QueueCounters> ParseQueueCounters(std::string_view table,
                                                std::uint16_t queue_number) {
  while (!table.empty()) {
    const std::size_t end = std::min(table.find('\n'), table.size());
    const std::optional<Line> line = ParseLine(table.substr(0, end));
    if (line && (*line)[kQueueNumber] == queue_number) {
      return QueueCounters{static_cast<std::uint32_t>((*line)[kWaiting]), (*line)[kQueueDropped],
                           (*line)[kUserDropped], (*line)[kLastId]};
    }
    table.remove_prefix(std::min(end + 1, table.size()));
  }
  return std::nullopt;
}

Result<QueueCounters> ReadQueueCounters(std::uint16_t queue_number) {
  // thread-self: network namespaces belong to threads.
  const std::string table = PROCWALL_TRY(
      ReadFileAt(AT_FDCWD, "/proc/thread-self/net/netfilter/nfnetlink_queue", kMaxQueueTableBytes));
  const std::optional<QueueCounters> counters = ParseQueueCounters(table, queue_number);
  if (!counters) return Error{Errc::kNotFound, 0, "read counters of the packet queue"};
  return *counters;
}

}  // namespace procwall
