// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <variant>

#include <tl/expected.hpp>

#include "base/wakeup.h"

namespace procwall {

// How a call went, for those who do not know gRPC.
enum class CallResult : std::uint8_t {
  kOk,
  kNoSuchMethod,  // UNIMPLEMENTED: this GUI does not know it
  kTimedOut,
  kFailed,  // anything else
};

struct CallEnded {
  std::uint64_t call = 0;  // as Call() numbered it
  CallResult result = CallResult::kFailed;
  std::string reply;   // when kOk
  std::string reason;  // when not, for people

  friend bool operator==(const CallEnded&, const CallEnded&) = default;
};
struct StreamSaid {
  std::string message;

  friend bool operator==(const StreamSaid&, const StreamSaid&) = default;
};
struct StreamEnded {
  bool ok = false;  // the GUI ended it in peace
  std::string reason;

  friend bool operator==(const StreamEnded&, const StreamEnded&) = default;
};
using Arrival = std::variant<CallEnded, StreamSaid, StreamEnded>;

// A connection to the GUI on which bytes are called by the paths of its methods. What arrives waits
// until it is taken. Thread rule: one thread only; gRPC's own threads stay behind it.
class GuiWire {
 public:
  GuiWire() = default;
  GuiWire(const GuiWire&) = delete;
  GuiWire& operator=(const GuiWire&) = delete;
  virtual ~GuiWire() = default;  // cancels everything, and waits until it has ended

  // Its number. CallEnded follows, exactly one for each call.
  virtual std::uint64_t Call(const char* method, std::string request,
                             std::chrono::milliseconds timeout) = 0;
  virtual void Cancel(std::uint64_t call) = 0;
  // The one stream: StreamSaid follows until StreamEnded. Messages are read one by one: the next
  // when the last has been taken.
  virtual void OpenStream(const char* method) = 0;
  // False: it is not open, or too much waits to be written.
  virtual bool Write(std::string message) = 0;
  // In the order it came.
  virtual std::deque<Arrival> Take() = 0;
};

// How large a message from the GUI may be. (What it takes from us is 4 MiB.)
inline constexpr std::size_t kMostGuiMessageBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMostWaitingReplies = 256;

}  // namespace procwall
