// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_text.h"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "daemon/event_fields.h"
#include "record/time_stamp.h"

namespace procwall {
namespace {

constexpr int kFacilityDaemon = 3;
// RFC 5424 wants an enterprise number after the '@'. We have none of our own: this is RFC 5612's
// for examples, which nobody else's data can bear.
constexpr std::string_view kStructuredDataId = "procwall@32473";

// RFC 5424 knows microseconds, not nanoseconds.
std::string SyslogTime(const google::protobuf::Timestamp& time) {
  if (!IsValid(time)) return "-";
  std::string text = Rfc3339(time);
  text.erase(text.size() - 4, 3);
  return text;
}

std::string Quoted(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == ']') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// HOSTNAME is of visible ASCII.
std::string HostName(const std::string& name) {
  std::string visible;
  for (const char c : name) {
    if (c > ' ' && c < '\x7f' && visible.size() < 255) visible += c;
  }
  return visible.empty() ? "-" : visible;
}

void AddField(std::string_view name, std::string_view value, std::string& entry) {
  entry += name;
  if (value.find('\n') == std::string_view::npos) {
    entry += '=';
  } else {  // with its length, 64 bits, the lowest byte first
    entry += '\n';
    const std::uint64_t size = value.size();
    for (unsigned shift = 0; shift < 64; shift += 8) {
      entry += static_cast<char>(static_cast<unsigned char>(size >> shift));
    }
  }
  entry += value;
  entry += '\n';
}

}  // namespace

EventWriter ThisWriter() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) name[0] = '\0';
  return {name.data(), ::getpid()};
}

std::string SyslogText(const v1::Event& event, const EventWriter& writer) {
  std::string text = fmt::format("<{}>1 {} {} procwalld {} decision [{}",
                                 kFacilityDaemon * 8 + SeverityOf(event), SyslogTime(event.time()),
                                 HostName(writer.host_name), writer.pid, kStructuredDataId);
  for (const auto& [name, value] : FieldsOf(event)) {
    if (name != "time") text += fmt::format(" {}={}", name, Quoted(value));
  }
  return text + "] " + SentenceOf(event);
}

std::string JournaldText(const v1::Event& event) {
  std::string entry;
  AddField("MESSAGE", SentenceOf(event), entry);
  AddField("PRIORITY", std::to_string(SeverityOf(event)), entry);
  AddField("SYSLOG_IDENTIFIER", "procwalld", entry);
  for (const auto& [name, value] : FieldsOf(event)) {
    std::string field = "PROCWALL_";
    for (const char c : name) field += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    AddField(field, value, entry);
  }
  return entry;
}

}  // namespace procwall
