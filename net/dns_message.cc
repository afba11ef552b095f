// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/dns_message.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace procwall {
namespace {

// RFC 1035 §4.1.1.
struct DnsHeader {
  BigEndian16 id;
  BigEndian16 flags;  // 1 bit: response; 4 bits: OPCODE; ...
  BigEndian16 questions;
  BigEndian16 answers;
  BigEndian16 authorities;
  BigEndian16 additionals;
};
static_assert(sizeof(DnsHeader) == 12 && alignof(DnsHeader) == 1);

// §4.1.2, behind the name.
struct QuestionTail {
  BigEndian16 type;
  BigEndian16 record_class;
};
static_assert(sizeof(QuestionTail) == 4 && alignof(QuestionTail) == 1);

// §4.1.3, behind the name.
struct RecordTail {
  BigEndian16 type;
  BigEndian16 record_class;
  BigEndian32 ttl;  // seconds; from kTtlLimit on it counts as 0
  BigEndian16 data_size;
};
static_assert(sizeof(RecordTail) == 10 && alignof(RecordTail) == 1);

constexpr std::uint16_t kClassInternet = 1;
constexpr std::uint16_t kTypeA = 1;
constexpr std::uint16_t kTypeCname = 5;
constexpr std::uint16_t kTypeAaaa = 28;
constexpr std::uint16_t kTypeSvcb = 64;   // RFC 9460 §14.1
constexpr std::uint16_t kTypeHttps = 65;  // the same for HTTPS

// RFC 9460 §2.2: one parameter of a service; its value follows.
struct ServiceParameter {
  BigEndian16 key;
  BigEndian16 size;
};
static_assert(sizeof(ServiceParameter) == 4 && alignof(ServiceParameter) == 1);
constexpr std::uint16_t kIpv4Hint = 4;
constexpr std::uint16_t kIpv6Hint = 6;

constexpr std::uint32_t kTtlLimit = 1U << 31;  // RFC 2181 §8

constexpr std::size_t kMaxNameSize = 255;  // on the wire, uncompressed (§2.3.4)
constexpr int kMaxPointers = 127;          // as many as a name can have labels

void AppendLabel(std::string& name, Bytes label) {
  if (!name.empty()) name += '.';
  for (const std::byte byte : label) {
    char c = static_cast<char>(byte);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-') {
      name += c;
    } else {
      fmt::format_to(std::back_inserter(name), "\\{:03}", std::to_integer<unsigned>(byte));
    }
  }
}

// Reads a name at the front of `reader`, which reads to the end of `message`. A name is a list of
// labels; a pointer (§4.1.4) says that it goes on elsewhere in the message. Pointers must lead
// backwards, each before the place the last one led to, so that they come to an end.
Result<std::string> ReadName(Bytes message, ByteReader& reader) {
  std::string name;
  std::size_t wire_size = 1;  // the root label
  std::size_t part_start = message.size() - reader.Remaining();
  ByteReader elsewhere{Bytes()};
  ByteReader* current = &reader;
  for (int pointers = 0;;) {
    const auto size = PROCWALL_TRY(current->Read<std::uint8_t>("read dns name"));
    if (size == 0) return name;
    if (size < 0x40) {
      wire_size += 1U + size;
      if (wire_size > kMaxNameSize) return Error{Errc::kMalformed, 0, "check dns name size"};
      AppendLabel(name, PROCWALL_TRY(current->Take(size, "read dns label")));
      continue;
    }
    if (size < 0xc0) return Error{Errc::kMalformed, 0, "check dns label type"};
    const auto low = PROCWALL_TRY(current->Read<std::uint8_t>("read dns pointer"));
    const std::size_t target = (size & 0x3fU) << 8 | low;
    if (target >= part_start || ++pointers > kMaxPointers) {
      return Error{Errc::kMalformed, 0, "check dns pointer"};
    }
    part_start = target;
    elsewhere = ByteReader(message.subspan(target));
    current = &elsewhere;
  }
}

struct Record {
  std::string name;
  std::uint16_t type = 0;
  std::chrono::seconds ttl{0};
};

bool IsFull(const DnsMessage& parsed) {
  return parsed.addresses.size() + parsed.aliases.size() >= kMaxDnsRecords;
}

// The addresses that a service's parameters hint at (RFC 9460 §7.3), as those of `owner`.
Status ReadServiceParameters(ByteReader data, const Record& owner, DnsMessage& parsed) {
  using V4Bytes = std::array<std::uint8_t, 4>;
  using V6Bytes = std::array<std::uint8_t, 16>;
  while (data.Remaining() != 0) {
    const auto parameter = PROCWALL_TRY(data.Read<ServiceParameter>("read dns service parameter"));
    const std::size_t size = parameter.size.host();
    ByteReader value(PROCWALL_TRY(data.Take(size, "read dns service value")));
    const std::uint16_t key = parameter.key.host();
    while (value.Remaining() != 0 && !IsFull(parsed)) {
      if (key == kIpv4Hint) {
        const auto hint = PROCWALL_TRY(value.Read<V4Bytes>("read dns address hint"));
        parsed.addresses.push_back({owner.name, IpAddress::V4(hint), owner.ttl});
      } else if (key == kIpv6Hint) {
        const auto hint = PROCWALL_TRY(value.Read<V6Bytes>("read dns address hint"));
        parsed.addresses.push_back({owner.name, IpAddress::V6(hint), owner.ttl});
      } else {
        break;
      }
    }
  }
  return {};
}

// SVCB and HTTPS (RFC 9460 §2.2): which name offers the service, and where that is.
Status ReadService(Bytes message, ByteReader data, Record owner, DnsMessage& parsed) {
  PROCWALL_TRY_STATUS(data.Skip(sizeof(BigEndian16), "read dns service priority"));
  std::string target = PROCWALL_TRY(ReadName(message, data));
  PROCWALL_TRY_STATUS(ReadServiceParameters(data, owner, parsed));
  const bool is_owner_itself = target.empty();  // "."
  if (is_owner_itself || IsFull(parsed)) return {};
  parsed.aliases.push_back({std::move(owner.name), std::move(target), owner.ttl});
  return {};
}

// Reads the data of a record of class IN into `parsed`. `message` ends where the data ends: nothing
// behind it belongs to the record, what stands before it may be pointed at.
Status ReadData(Bytes message, ByteReader data, Record record, DnsMessage& parsed) {
  switch (record.type) {
    case kTypeA: {
      using V4Bytes = std::array<std::uint8_t, 4>;
      const auto address = PROCWALL_TRY(data.Read<V4Bytes>("read dns address"));
      parsed.addresses.push_back({std::move(record.name), IpAddress::V4(address), record.ttl});
      break;
    }
    case kTypeAaaa: {
      using V6Bytes = std::array<std::uint8_t, 16>;
      const auto address = PROCWALL_TRY(data.Read<V6Bytes>("read dns address"));
      parsed.addresses.push_back({std::move(record.name), IpAddress::V6(address), record.ttl});
      break;
    }
    case kTypeCname: {
      std::string target = PROCWALL_TRY(ReadName(message, data));
      parsed.aliases.push_back({std::move(record.name), std::move(target), record.ttl});
      break;
    }
    case kTypeSvcb:
    case kTypeHttps:
      return ReadService(message, data, std::move(record), parsed);
    default:
      return {};
  }
  if (data.Remaining() != 0) return Error{Errc::kMalformed, 0, "check dns record size"};
  return {};
}

// Reads one record of the answer section into `parsed`.
Status ReadRecord(Bytes message, ByteReader& reader, DnsMessage& parsed) {
  Record record;
  record.name = PROCWALL_TRY(ReadName(message, reader));
  const auto tail = PROCWALL_TRY(reader.Read<RecordTail>("read dns record"));
  const Bytes data = PROCWALL_TRY(reader.Take(tail.data_size.host(), "read dns record data"));
  if (tail.record_class.host() != kClassInternet) return {};
  record.type = tail.type.host();
  record.ttl = std::chrono::seconds(tail.ttl.host() < kTtlLimit ? tail.ttl.host() : 0);

  const Bytes up_to_end = message.first(message.size() - reader.Remaining());
  Status read = ReadData(up_to_end, ByteReader(data), std::move(record), parsed);
  // The data is all there: if it is too short for its type, the message was not cut but made so.
  if (!read && read.error().code == Errc::kTruncated) {
    return Error{Errc::kMalformed, 0, read.error().what};
  }
  return read;
}

}  // namespace

Result<DnsMessage> ParseDnsMessage(Bytes bytes) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<DnsHeader>("read dns header"));
  const std::uint16_t flags = header.flags.host();
  if ((flags & 0x7800U) != 0) return Error{Errc::kUnsupported, 0, "check dns opcode"};
  if (header.questions.host() > kMaxDnsRecords) {
    return Error{Errc::kTooLarge, 0, "count dns questions"};
  }
  DnsMessage parsed;
  parsed.id = header.id.host();
  parsed.is_response = (flags & 0x8000U) != 0;
  for (std::size_t i = 0; i < header.questions.host(); ++i) {
    parsed.questions.push_back(PROCWALL_TRY(ReadName(bytes, reader)));
    PROCWALL_TRY_STATUS(reader.Skip(sizeof(QuestionTail), "read dns question"));
  }
  const std::size_t answers = std::min<std::size_t>(header.answers.host(), kMaxDnsRecords);
  for (std::size_t i = 0; i < answers && !IsFull(parsed); ++i) {
    const Status read = ReadRecord(bytes, reader, parsed);
    if (read) continue;
    if (read.error().code == Errc::kTruncated && i > 0) break;
    return read.error();
  }
  return parsed;
}

}  // namespace procwall
