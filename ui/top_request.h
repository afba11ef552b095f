// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What `procwall top` asks of the daemon because of a key.
struct TopExplain {
  std::string row;  // that it is about
  v1::ExplainRequest request;
};
struct TopPutRule {
  v1::Rule rule;
};
// One filter per flow.
struct TopCut {
  std::vector<v1::FlowFilter> flows;
};
using TopRequest = std::variant<TopExplain, TopPutRule, TopCut>;

// What became of it.
struct TopReply {
  enum class Kind : std::uint8_t { kExplained, kNotExplained, kDone, kFailed };
  Kind kind = Kind::kDone;
  std::string row{};                  // of kExplained and kNotExplained
  std::string what{};                 // for people; of kExplained: nothing
  v1::ExplainResponse explanation{};  // of kExplained
};

}  // namespace procwall
