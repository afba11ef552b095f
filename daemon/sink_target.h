// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "net/endpoint.h"

namespace procwall {

// Where events go, as the configuration's "Sinks" names it.
struct SinkTarget {
  enum class Kind : std::uint8_t {
    kJournald,   // "journald", or "journald:/path/of/its/socket"
    kSyslog,     // "syslog", or "syslog:/path/of/its/socket"
    kSyslogUdp,  // "syslog:udp:192.0.2.1:514"
    kSyslogTcp,  // "syslog:tcp:192.0.2.1:601"
    kFile,       // "file:/var/log/procwall/events.jsonl"
  };
  Kind kind = Kind::kJournald;
  std::string name{};  // as it was written
  std::string path{};
  Endpoint endpoint{};

  friend bool operator==(const SinkTarget&, const SinkTarget&) = default;
};

inline constexpr std::size_t kMostSinks = 8;

// The error says, for people, what it may be.
tl::expected<SinkTarget, std::string> ParseSinkTarget(std::string_view text);
// "192.0.2.1:514", "[2001:db8::1]:514".
tl::expected<Endpoint, std::string> ParseEndpoint(std::string_view text);

}  // namespace procwall
