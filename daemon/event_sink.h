// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Where events are written to, besides our own UIs. Thread rule: one thread, the sink's own.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  // False: it is lost, and Trouble() says why. Never waits for another program.
  virtual bool Write(const v1::Event& event) = 0;
  // After the last of some events, and now and then.
  virtual void Flush() {}
  // How many that Write() took have been lost since the last call.
  virtual std::uint64_t TakeLost() { return 0; }
  // What is wrong now, for people; empty: nothing.
  virtual std::string Trouble() const = 0;
};

}  // namespace procwall
