// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Why nothing was read, for people.
struct JournalRefusal {
  enum class Kind : std::uint8_t {
    kNoJournal,   // none is kept
    kInvalid,     // the question makes no sense
    kOverloaded,  // too many ask
    kTooSlow,     // it would take too long
    kFailed,
  };
  Kind kind = Kind::kFailed;
  std::string what;

  friend bool operator==(const JournalRefusal&, const JournalRefusal&) = default;
};
using JournalAnswer = tl::expected<v1::ReadJournalResponse, JournalRefusal>;

struct JournalQuestion {
  v1::ReadJournalRequest request;
  std::function<bool()> is_wanted;            // false: whoever asked has gone
  std::function<void(JournalAnswer)> answer;  // called once, from any thread
};

// What the API asks about the past. Thread rule: from any thread.
class JournalSource {
 public:
  JournalSource() = default;
  JournalSource(const JournalSource&) = delete;
  JournalSource& operator=(const JournalSource&) = delete;
  virtual ~JournalSource() = default;

  // Returns at once; answers now or later.
  virtual void Read(JournalQuestion question) = 0;
};

}  // namespace procwall
