// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Why there is no explanation, for people.
struct ExplainRefusal {
  enum class Kind : std::uint8_t { kNotFound, kInvalid, kOverloaded };
  Kind kind = Kind::kNotFound;
  std::string what;

  friend bool operator==(const ExplainRefusal&, const ExplainRefusal&) = default;
};
using ExplainAnswer = tl::expected<v1::ExplainResponse, ExplainRefusal>;

struct ExplainQuestion {
  v1::ExplainRequest request;
  std::function<bool()> is_wanted;            // false: whoever asked has gone
  std::function<void(ExplainAnswer)> answer;  // called once, from any thread
};

// What the API asks about decisions and connections. Thread rule: from any thread.
class ExplainSource {
 public:
  ExplainSource() = default;
  ExplainSource(const ExplainSource&) = delete;
  ExplainSource& operator=(const ExplainSource&) = delete;
  virtual ~ExplainSource() = default;

  // Returns at once; answers now or later.
  virtual void Explain(ExplainQuestion question) = 0;
};

}  // namespace procwall
