// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "daemon/counters.h"
#include "daemon/event_log.h"
#include "daemon/opensnitch_address.h"
#include "daemon/opensnitch_commands.h"
#include "daemon/opensnitch_message.h"
#include "daemon/question_desk.h"
#include "daemon/settings.h"
#include "daemon/status_source.h"

namespace procwall {

// How it stands with the GUI, for people.
struct GuiState {
  bool connected = false;
  std::optional<GuiDialect> dialect{};  // of the one that is, or was last, connected
  std::string why_not{};                // empty when connected
  std::uint64_t asked = 0;              // questions put to it
  std::uint64_t answered = 0;           // with a rule that could be used

  friend bool operator==(const GuiState&, const GuiState&) = default;
};

// How questions get to people and back: what a QuestionDesk does.
struct GuiDesk {
  std::function<bool(const AskerPtr&)> attach;
  std::function<void(const AskerPtr&)> detach;
  std::function<AnswerReceipt(QuestionId, const AskerPtr&, QuestionAnswer)> answer;
};

// The connection to OpenSnitch's own GUI, on a thread of its own: dials, again and again, has one
// OpensnitchSession after the other, tells it what is decided and puts questions to it. The packet
// thread does not notice: events are read from the EventLog, and nothing there waits for a reader.
// Thread rule: construct and destroy on one thread, State() from any. What is referred to must
// outlive it.
class OpensnitchLink {
 public:
  struct Parts {
    GuiAddress address;
    std::optional<GuiDialect> dialect{};   // empty: found out
    std::string version{};                 // what we say we are; empty: what suits the dialect
    std::vector<std::string> users{};      // whose sockets are trusted, see IsUiUser()
    UiTlsSettings tls{};                   // how over TCP
    const StatusSource* status = nullptr;  // what deserves an alert; null: nothing does
    std::chrono::milliseconds redial{1000};
    EventLog& events;
    const Counters& counters;
    GuiDesk desk;
    OpensnitchCommands::Parts commands;
    // The digests of a program's file; empty: they are not told. Waits so long at most.
    std::function<HashesPtr(const ProcessPtr&, std::chrono::milliseconds)> hashes_of{};
  };
  static tl::expected<std::unique_ptr<OpensnitchLink>, std::string> Start(Parts parts);
  virtual ~OpensnitchLink() = default;

  virtual GuiState State() const = 0;
};

}  // namespace procwall
