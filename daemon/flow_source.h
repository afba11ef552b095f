// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Why there is no answer about flows, for people.
struct FlowRefusal {
  enum class Kind : std::uint8_t {
    kInvalid,      // the question makes no sense
    kOverloaded,   // too many ask
    kUnavailable,  // the kernel does not tell
  };
  Kind kind = Kind::kUnavailable;
  std::string what;

  friend bool operator==(const FlowRefusal&, const FlowRefusal&) = default;
};

template <typename Request, typename Response>
struct FlowQuestion {
  using Answer = tl::expected<Response, FlowRefusal>;
  Request request;
  std::function<bool()> is_wanted;     // false: whoever asked has gone
  std::function<void(Answer)> answer;  // called once, from any thread
};
using FlowListQuestion = FlowQuestion<v1::ListFlowsRequest, v1::ListFlowsResponse>;
using FlowCutQuestion = FlowQuestion<v1::CutFlowsRequest, v1::CutFlowsResponse>;

// What the API asks about flows. Thread rule: from any thread.
class FlowSource {
 public:
  FlowSource() = default;
  FlowSource(const FlowSource&) = delete;
  FlowSource& operator=(const FlowSource&) = delete;
  virtual ~FlowSource() = default;

  // Return at once; answer now or later.
  virtual void List(FlowListQuestion question) = 0;
  virtual void Cut(FlowCutQuestion question) = 0;
};

}  // namespace procwall
