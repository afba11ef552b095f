// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/ip_address.h"

namespace procwall {

// What a DNS message (RFC 1035 §4.1) says about names and addresses: its questions and the A, AAAA,
// CNAME, SVCB and HTTPS records (RFC 9460) of its answer section, class IN; everything else is
// skipped. The addresses that a service hints at are those of the record's owner, its target is an
// alias of it. Names are lower case, without the last dot; bytes outside [a-z0-9_-] are escaped as
// \DDD.
struct DnsMessage {
  struct Address {
    std::string name;  // owner of the record
    IpAddress address;
    std::chrono::seconds ttl{0};

    friend bool operator==(const Address&, const Address&) = default;
  };
  struct Alias {
    std::string name;    // owner of the CNAME, SVCB or HTTPS record
    std::string target;  // what it stands for
    std::chrono::seconds ttl{0};

    friend bool operator==(const Alias&, const Alias&) = default;
  };

  std::uint16_t id = 0;  // a response repeats its query's
  bool is_response = false;
  std::vector<std::string> questions;
  std::vector<Address> addresses;
  std::vector<Alias> aliases;

  friend bool operator==(const DnsMessage&, const DnsMessage&) = default;
};

// Limits: kMaxDnsRecords questions (more: kTooLarge) and as many addresses and aliases (more are
// not read); names are at most 255 bytes, compression pointers must point backwards. Total: any
// bytes give a message or kTruncated / kMalformed / kTooLarge, or kUnsupported when it is no query
// (OPCODE). A message that is cut short after its first answers gives those answers.
inline constexpr std::size_t kMaxDnsRecords = 256;
Result<DnsMessage> ParseDnsMessage(Bytes bytes);

}  // namespace procwall
