// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/tls_watch.h"

#include "net/tls_hello.h"

namespace procwall {

void TlsWatch::Expect(const FlowKey& flow, OpenedFlow opened, BootTime now) {
  flows_.insert_or_assign(
      flow,
      Expected{.opened = std::make_shared<const OpenedFlow>(std::move(opened)), .since = now});
  order_.emplace_back(flow, now);
  MakeRoom(now);
}

void TlsWatch::MakeRoom(BootTime now) {
  while (!order_.empty()) {
    const auto& [flow, since] = order_.front();
    const auto found = flows_.find(flow);
    const bool is_over = found == flows_.end() || found->second.since != since;
    const bool is_old = since + kPatience < now || flows_.size() > kMostFlows;
    if (!is_over && !is_old && order_.size() <= 2 * kMostFlows) return;
    if (!is_over) flows_.erase(found);
    order_.pop_front();
  }
}

TlsWatch::Seen TlsWatch::See(const FlowKey& flow, Bytes data, BootTime now) {
  MakeRoom(now);
  const auto found = flows_.find(flow);
  if (found == flows_.end()) return {};
  Expected& expected = found->second;
  if (expected.is_dismissed) return {Sight::kNoName};
  const bool goes_on = !expected.hello.empty();
  if (goes_on) expected.hello.insert(expected.hello.end(), data.begin(), data.end());
  auto name = ParseTlsRecords(goes_on ? Bytes(expected.hello) : data);
  if (name && !name->empty()) {
    expected.is_named = true;
    expected.hello.clear();
    return {Sight::kName, *std::move(name), expected.opened};
  }
  if (expected.is_named) return {Sight::kWithheld};
  const std::size_t size = goes_on ? expected.hello.size() : data.size();
  if (!name && name.error().code == Errc::kTruncated && size <= kMostHelloBytes) {
    if (!goes_on) expected.hello.assign(data.begin(), data.end());
    return {Sight::kMore};
  }
  Dismiss(flow);
  return {Sight::kNoName};
}

void TlsWatch::Dismiss(const FlowKey& flow) {
  const auto found = flows_.find(flow);
  if (found == flows_.end()) return;
  found->second = {.opened = nullptr, .since = found->second.since, .is_dismissed = true};
}

}  // namespace procwall
