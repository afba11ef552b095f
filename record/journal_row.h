// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/ip_address.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

enum class JournalKind : std::uint8_t { kDecision = 1, kFlowEnded = 2 };

// One entry as the journal's tables have it: see record/journal_schema.
struct JournalRow {
  JournalKind kind = JournalKind::kDecision;
  std::int64_t time = 0;
  std::int64_t action = 0;  // 0: none
  std::string program{};
  std::string destination{};
  std::int64_t port = 0;
  std::string host{};
  std::string protocol{};
  std::optional<std::int64_t> uid{};
  std::optional<std::int64_t> pid{};
  std::string rule{};
  std::int64_t times = 1;  // so many decisions alike
  std::string message{};
  std::vector<std::string> other_programs{};
  std::vector<std::string> other_hosts{};
  std::optional<v1::Flow> flow{};  // whose bytes are kept in columns
};

JournalRow RowOf(const v1::Event& event);
JournalRow RowOf(const v1::FlowNote& ended);

// "/usr/bin/curl": "curl".
std::string_view LastPart(std::string_view path);
// As text columns compare addresses of both families: 16 bytes, IPv4 as ::ffff:a.b.c.d.
std::string AddressKey(const IpAddress& address);
// "www.Example.org": "org.example.www.", so that all names below a domain lie side by side. Empty
// for an empty name.
std::string HostKey(std::string_view host);

}  // namespace procwall
