// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "attribution/attribution.h"
#include "attribution/names.h"
#include "base/clock.h"
#include "base/result.h"
#include "daemon/tls_watch.h"
#include "net/connection.h"
#include "net/held_packet.h"

namespace procwall {

// A packet under way through the pipeline, and what is known of it so far. While it waits, for the
// finder or for a person, whoever it waits for keeps it: the kernel waits, too.
struct Walk {
  HeldPacket held;
  BootTime received;
  std::size_t bytes = 0;    // the kernel keeps so much
  Connection connection{};  // nothing but zeros when the headers could not be read
  std::string host{};       // the name a DNS query asks for; else found when it is decided
  NameSource name_from = NameSource::kNone;  // how `host` is known
  std::uint16_t dns_id = 0;                  // of a DNS query
  std::string sni{};        // the server name in it; empty: none, or not looked for
  bool begins_tcp = false;  // a SYN
  std::uint32_t tcp_sequence = 0;
  bool looks_for_server = false;  // the first data of the connection may name one: let it come up
  std::shared_ptr<const OpenedFlow> opened{};  // it is such data, of a flow that was let through
  std::optional<Error> refusal{};              // why the headers could not be read
  Attribution attribution{};                   // once it is known

  BootTime parked_at{};
  std::chrono::nanoseconds parked{0};  // it waited for the finder
  std::optional<BootTime> asked_at{};  // when a person was first asked about it
  std::chrono::nanoseconds asked{0};   // it waited for a person
};

}  // namespace procwall
