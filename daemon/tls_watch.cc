// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/tls_watch.h"

#include <utility>

#include "net/tls_hello.h"

namespace procwall {

void TlsWatch::Expect(const FlowKey& flow, OpenedFlow opened, BootTime now) {
  flows_.Put(flow, {.opened = std::make_shared<const OpenedFlow>(std::move(opened))}, now);
}

TlsWatch::Seen TlsWatch::See(const FlowKey& flow, Bytes data, BootTime now) {
  Expected* const found = flows_.Find(flow, now);
  if (found == nullptr) return {};
  Expected& expected = *found;
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
  Expected* const found = flows_.Find(flow);
  if (found != nullptr) *found = {.opened = nullptr, .is_dismissed = true};
}

}  // namespace procwall
