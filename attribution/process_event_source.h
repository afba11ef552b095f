// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>

#include "attribution/process_event.h"

namespace procwall {

// Where the news of processes comes from. Thread rule: one thread at a time.
class ProcessEventSource {
 public:
  ProcessEventSource() = default;
  ProcessEventSource(const ProcessEventSource&) = delete;
  ProcessEventSource& operator=(const ProcessEventSource&) = delete;
  virtual ~ProcessEventSource() = default;

  // Readable when there is news; -1: there never is. Not every event makes it readable: draining is
  // worth a try when somebody is not known.
  virtual int UnsafeEventFd() const = 0;
  // Hands on everything that waits, in order, losses included. Does not wait.
  virtual void DrainEvents(const std::function<void(ProcessEvent event)>& take) = 0;
};

}  // namespace procwall
