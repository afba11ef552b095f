// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "net/flow_message.h"

// Any bytes are news or an error. What is a flow can be named, updated and removed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto news = procwall::DecodeFlowNews(std::as_bytes(std::span(data, size)));
  if (!news) return 0;
  procwall::TrackedFlow known = news->flow;
  procwall::Update(known, news->flow);
  if (known != news->flow) std::abort();
  if (procwall::FlowStateName(known).empty()) std::abort();
  procwall::FlowStatusNames(known);
  if (procwall::EncodeRemoveFlow(known).size() < 40) std::abort();
  return 0;
}
