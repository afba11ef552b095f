// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/remembered_event.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace procwall {
namespace {

tl::unexpected<ExplainRefusal> NotFound(std::string what) {
  return tl::unexpected(ExplainRefusal{ExplainRefusal::Kind::kNotFound, std::move(what)});
}

}  // namespace

tl::expected<EventPtr, ExplainRefusal> RememberedEvent(const EventLog& events,
                                                       std::uint64_t sequence) {
  std::uint64_t last = events.PositionOfRecent(1);
  EventPtr newest = events.Next(last).event;
  if (!newest) return NotFound("nothing has been decided yet");
  if (sequence == 0 || sequence == newest->sequence) return newest;
  if (sequence > newest->sequence) {
    return NotFound(
        fmt::format("there is no decision {} yet: the last one is {}", sequence, newest->sequence));
  }
  std::uint64_t position = sequence;
  EventPtr event = events.Next(position).event;
  if (event && event->sequence == sequence) return event;
  return NotFound(fmt::format("decision {} is forgotten: the daemon remembers the last {}",
                              sequence, EventLog::kCapacity));
}

}  // namespace procwall
