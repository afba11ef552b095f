// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <netinet/in.h>

#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <vector>

#include "base/bytes.h"

namespace procwall {

using ByteVector = std::vector<std::byte>;

// Builds one netlink message as the kernel would lay it out:
// NetlinkBuilder(type).Sequence(1).Body(inet_diag_msg{}).Attribute(8, bytes).Build().
class NetlinkBuilder {
 public:
  explicit NetlinkBuilder(int type) : bytes_(sizeof(nlmsghdr)) {
    header_.nlmsg_type = static_cast<std::uint16_t>(type);
  }

  NetlinkBuilder& Flags(int flags) {
    header_.nlmsg_flags = static_cast<std::uint16_t>(flags);
    return *this;
  }
  NetlinkBuilder& Sequence(std::uint32_t sequence) {
    header_.nlmsg_seq = sequence;
    return *this;
  }
  // Appends any struct, as it lies in memory, and pads.
  template <WireStruct T>
  NetlinkBuilder& Body(const T& value) {
    return Raw(std::as_bytes(std::span(&value, 1)));
  }
  NetlinkBuilder& Raw(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    Pad();
    return *this;
  }
  NetlinkBuilder& Attribute(int type, Bytes payload) {
    const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + payload.size()),
                        static_cast<std::uint16_t>(type)};
    const Bytes header_bytes = std::as_bytes(std::span(&header, 1));
    bytes_.insert(bytes_.end(), header_bytes.begin(), header_bytes.end());
    return Raw(payload);
  }
  NetlinkBuilder& Attribute(int type, BigEndian32 value) {
    return Attribute(type, std::as_bytes(std::span(&value, 1)));
  }
  NetlinkBuilder& Attribute(int type, std::uint8_t value) {
    return Attribute(type, std::as_bytes(std::span(&value, 1)));
  }

  ByteVector Build() const {
    ByteVector message = bytes_;
    nlmsghdr header = header_;
    header.nlmsg_len = static_cast<std::uint32_t>(message.size());
    std::memcpy(message.data(), &header, sizeof(header));
    return message;
  }

 private:
  void Pad() { bytes_.resize((bytes_.size() + 3) / 4 * 4); }

  nlmsghdr header_{};
  ByteVector bytes_;
};

// An NLMSG_ERROR (an ACK when `code` is 0), as NETLINK_CAP_ACK shapes it.
inline ByteVector NetlinkError(int code, std::uint32_t sequence) {
  nlmsgerr body{};
  body.error = -code;
  return NetlinkBuilder(NLMSG_ERROR).Sequence(sequence).Body(body).Build();
}

// The end of a dump.
inline ByteVector NetlinkDone(int code, std::uint32_t sequence) {
  return NetlinkBuilder(NLMSG_DONE).Flags(NLM_F_MULTI).Sequence(sequence).Body(-code).Build();
}

// Several messages in one datagram.
inline ByteVector Join(std::initializer_list<ByteVector> messages) {
  ByteVector datagram;
  for (const ByteVector& message : messages) {
    datagram.insert(datagram.end(), message.begin(), message.end());
  }
  return datagram;
}

}  // namespace procwall
