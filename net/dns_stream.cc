// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/dns_stream.h"

namespace procwall {
namespace {

// The message at the front; empty: it is not whole.
Bytes FirstMessage(Bytes bytes) {
  ByteReader reader(bytes);
  const auto size = reader.Read<BigEndian16>("read dns message size");
  if (!size) return {};
  const auto message = reader.Take(size->host(), "read dns message");
  return message ? bytes.first(sizeof(BigEndian16) + size->host()) : Bytes();
}

}  // namespace

void DnsStream::Begin(std::uint32_t syn_sequence) {
  next_ = syn_sequence + 1;
  held_.clear();
  has_ended_ = false;
}

void DnsStream::Append(std::uint32_t sequence, Bytes payload, Copied copied,
                       const std::function<void(Bytes message)>& each) {
  if (has_ended_ || payload.empty()) return;
  const std::uint32_t seen = next_.value_or(sequence) - sequence;  // bytes of it that were there
  const bool is_behind = seen < std::uint32_t{1} << 31;  // else it is ahead: one is missing
  if (!is_behind) {
    has_ended_ = true;
    held_ = {};
    return;
  }
  if (seen >= payload.size()) return;
  const Bytes fresh = payload.subspan(seen);
  next_ = sequence + static_cast<std::uint32_t>(payload.size());
  held_.insert(held_.end(), fresh.begin(), fresh.end());

  Bytes rest = held_;
  for (Bytes first = FirstMessage(rest); !first.empty(); first = FirstMessage(rest)) {
    each(first.subspan(sizeof(BigEndian16)));
    rest = rest.subspan(first.size());
  }
  if (copied == Copied::kCut) {
    if (rest.size() > sizeof(BigEndian16)) each(rest.subspan(sizeof(BigEndian16)));
    has_ended_ = true;
    held_ = {};
    return;
  }
  held_.erase(held_.begin(),
              held_.end() - static_cast<std::vector<std::byte>::difference_type>(rest.size()));
}

}  // namespace procwall
