// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// `procwall ask --json`: what the daemon says as one JSON object a line, and answers likewise:
//   {"id": 7, "action": "allow", "duration": "15m", "reach": 0}
//   {"id": 7, "rule": {... as a rule file says it ...}}
//   {"id": 7, "default": true}
// `reach` counts the question's "reaches" from 0, the narrowest; `duration` is "once" if it is not
// given. Pure.
class AskJson {
 public:
  std::string OnResponse(const v1::QuestionsResponse& response);  // without its newline
  // The error is for people.
  tl::expected<v1::QuestionsRequest, std::string> OnLine(std::string_view line) const;

 private:
  std::map<std::uint64_t, v1::Event> open_;  // what is asked about
};

}  // namespace procwall
