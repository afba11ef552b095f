// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// A line that some program sends as an answer to `procwall ask --json`.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "ui/ask_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  procwall::AskJson json;
  procwall::v1::QuestionsResponse asked;
  asked.mutable_asked()->set_id(7);
  asked.mutable_asked()->mutable_event()->set_dst_ip("192.0.2.1");
  (void)json.OnResponse(asked);
  const auto request = json.OnLine(std::string(data, data + size));
  if (!request) {
    if (request.error().empty()) std::abort();
    return 0;
  }
  const procwall::v1::AnswerQuestion& answer = request->answer();
  if (!answer.has_rule() && !answer.default_action()) std::abort();
  return 0;
}
