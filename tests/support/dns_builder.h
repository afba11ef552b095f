// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "net/ip_address.h"
#include "tests/support/byte_writer.h"

namespace procwall {

// Builds a DNS message as it lies on the wire, without compression; the counts follow the calls.
//   DnsBuilder().Question("a.example").Answer("a.example", "192.0.2.1", 60).Build()
class DnsBuilder {
 public:
  DnsBuilder& Flags(std::uint16_t flags) {
    flags_ = flags;
    return *this;
  }
  DnsBuilder& Question(std::string_view name, std::uint16_t type = 1) {
    ++questions_;
    PutName(body_, name);
    body_.Put(type).Put(std::uint16_t{1});
    return *this;
  }
  // A or AAAA, as the address is.
  DnsBuilder& Answer(std::string_view name, std::string_view address, std::uint32_t ttl) {
    const IpAddress parsed = IpAddress::Parse(address).value();
    const Bytes data = std::as_bytes(std::span(parsed.Data(), parsed.Size()));
    return Record(name, parsed.IsV4() ? 1 : 28, ttl, data);
  }
  DnsBuilder& Cname(std::string_view name, std::string_view target, std::uint32_t ttl) {
    ByteWriter data;
    PutName(data, target);
    return Record(name, 5, ttl, data.Take());
  }
  DnsBuilder& Record(std::string_view name, std::uint16_t type, std::uint32_t ttl, Bytes data,
                     std::uint16_t record_class = 1) {
    ++answers_;
    PutName(body_, name);
    body_.Put(type).Put(record_class).Put(ttl).Put(static_cast<std::uint16_t>(data.size()));
    body_.Put(data);
    return *this;
  }
  // Bytes of the test's own, e.g. a record with a pointer; `answers` is added to the count.
  DnsBuilder& Raw(Bytes bytes, std::uint16_t answers) {
    answers_ = static_cast<std::uint16_t>(answers_ + answers);
    body_.Put(bytes);
    return *this;
  }

  std::vector<std::byte> Build() {
    ByteWriter message;
    message.Put(kId).Put(flags_).Put(questions_).Put(answers_).Zeros(4);
    const std::vector<std::byte> body = body_.Take();
    return message.Put(body).Take();
  }

  static constexpr std::uint16_t kId = 0x1234;

 private:
  static void PutName(ByteWriter& out, std::string_view name) {
    while (!name.empty()) {
      const std::string_view label = name.substr(0, name.find('.'));
      out.Put(static_cast<std::uint8_t>(label.size())).Put(label);
      name.remove_prefix(std::min(label.size() + 1, name.size()));
    }
    out.Zeros(1);
  }

  std::uint16_t flags_ = 0x8180;  // a response, recursion desired and available
  std::uint16_t questions_ = 0;
  std::uint16_t answers_ = 0;
  ByteWriter body_;
};

}  // namespace procwall
