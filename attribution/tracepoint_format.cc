// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tracepoint_format.h"

#include <algorithm>

#include "attribution/decimal.h"

namespace procwall {
namespace {

constexpr const char* kTracepoint = "tracepoint format";

// What stands between `label` and the next ';'. nullopt: one of them is not there.
std::optional<std::string_view> After(std::string_view line, std::string_view label) {
  const std::size_t begin = line.find(label);
  if (begin == std::string_view::npos) return std::nullopt;
  line.remove_prefix(begin + label.size());
  const std::size_t end = line.find(';');
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(0, end);
}

// The last word of a declaration, without the bounds of an array: "__u8 src[4]" is "src".
std::string_view NameIn(std::string_view declaration) {
  declaration = declaration.substr(0, declaration.find('['));
  const std::size_t blank = declaration.find_last_of(" *");
  return blank == std::string_view::npos ? declaration : declaration.substr(blank + 1);
}

Status AddField(TracepointFormat& format, std::string_view line) {
  const auto declaration = After(line, "field:");
  const auto offset = After(line, "offset:");
  const auto size = After(line, "size:");
  if (!declaration || !offset || !size) return Error{Errc::kMalformed, 0, kTracepoint};
  const auto offset_value = ParseDecimal<std::uint32_t>(*offset);
  const auto size_value = ParseDecimal<std::uint32_t>(*size);
  if (!offset_value || !size_value) return Error{Errc::kMalformed, 0, kTracepoint};
  if (format.fields.size() == TracepointFormat::kMaxFields) {
    return Error{Errc::kTooLarge, 0, kTracepoint};
  }
  format.fields.emplace(NameIn(*declaration), TracepointField{*offset_value, *size_value});
  return {};
}

}  // namespace

std::optional<std::size_t> TracepointFormat::OffsetOf(std::string_view name,
                                                      std::size_t size) const {
  const auto field = fields.find(name);
  if (field == fields.end() || field->second.size != size) return std::nullopt;
  return field->second.offset;
}

Result<TracepointFormat> ParseTracepointFormat(std::string_view text) {
  constexpr std::string_view kNumber = "ID: ";
  TracepointFormat format;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(kNumber)) {
      format.id = ParseDecimal<std::uint64_t>(line.substr(kNumber.size())).value_or(0);
    } else if (line.starts_with("\tfield:")) {
      PROCWALL_TRY_STATUS(AddField(format, line));
    }
  }
  if (format.id == 0) return Error{Errc::kMalformed, 0, kTracepoint};
  return format;
}

}  // namespace procwall
