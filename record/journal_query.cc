// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_query.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "net/prefix.h"
#include "record/journal_row.h"
#include "record/time_stamp.h"

namespace procwall {
namespace {

using Query = JournalQuery;
using Wrong = std::optional<std::string>;  // nullopt: nothing

void Require(Query& query, std::string_view condition) {
  query.sql += query.sql.empty() ? "WHERE " : " AND ";
  query.sql += condition;
}

// The last address of a network, as AddressKey() has it.
std::string LastKey(const Prefix& network) {
  std::string key = AddressKey(network.Address());
  std::size_t free_bits = network.Address().Size() * 8 - network.Length();
  for (std::size_t i = key.size(); free_bits > 0; --i) {
    const std::size_t bits = std::min<std::size_t>(free_bits, 8);
    key[i - 1] = static_cast<char>(static_cast<unsigned char>(key[i - 1]) | ((1U << bits) - 1));
    free_bits -= bits;
  }
  return key;
}

bool IsName(std::string_view text) {
  return text.size() <= 253 && text.find_first_of(" /:[]@,;") == std::string_view::npos &&
         text.find_first_not_of('.') != std::string_view::npos;
}

Wrong RequireDestination(const std::string& text, Query& query) {
  if (const auto network = Prefix::Parse(text)) {
    Require(query, "destination BETWEEN ? AND ?");
    query.values.emplace_back(SqlBytes{AddressKey(network->Address())});
    query.values.emplace_back(SqlBytes{LastKey(*network)});
    return {};
  }
  if (!IsName(text)) {
    return fmt::format(
        "destination \"{}\" is neither an address (192.0.2.1), nor a network "
        "(192.0.2.0/24), nor a name (example.org)",
        Printable(text));
  }
  // '/' follows '.': all that begins with the key lies between the two.
  const std::string first = HostKey(text);
  const std::string beyond = first.substr(0, first.size() - 1) + "/";
  Require(query,
          "(host <> '' AND host >= ? AND host < ?"
          " OR id IN (SELECT id FROM other WHERE host <> '' AND host >= ? AND host < ?))");
  for (int i = 0; i < 2; ++i) {
    query.values.emplace_back(first);
    query.values.emplace_back(beyond);
  }
  return {};
}

void RequireProgram(const std::string& text, Query& query) {
  const std::string name(LastPart(text));
  if (name.size() == text.size()) {
    Require(query, "(name = ? OR id IN (SELECT id FROM other WHERE name = ?))");
    for (int i = 0; i < 2; ++i) query.values.emplace_back(name);
    return;
  }
  Require(query,
          "(name = ? AND program = ?"
          " OR id IN (SELECT id FROM other WHERE name = ? AND program = ?))");
  for (int i = 0; i < 2; ++i) {
    query.values.emplace_back(name);
    query.values.emplace_back(text);
  }
}

void RequireNumber(const char* condition, std::int64_t value, Query& query) {
  Require(query, condition);
  query.values.emplace_back(value);
}

Wrong RequireTimes(const v1::ReadJournalRequest& request, Query& query) {
  for (const auto* time : {request.has_since() ? &request.since() : nullptr,
                           request.has_until() ? &request.until() : nullptr}) {
    if (time != nullptr && !IsValid(*time)) return "a time outside the years 1 to 9999";
  }
  if (request.has_since()) RequireNumber("time >= ?", EpochNanoseconds(request.since()), query);
  if (request.has_until()) RequireNumber("time < ?", EpochNanoseconds(request.until()), query);
  return {};
}

Wrong RequirePage(const std::string& token, Query& query) {
  if (token.empty()) return {};
  std::int64_t before = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), before);
  if (error != std::errc{} || end != token.data() + token.size() || before < 1) {
    return "the page token is none that was given";
  }
  RequireNumber("id < ?", before, query);
  return {};
}

}  // namespace

tl::expected<JournalQuery, std::string> QueryOf(const v1::ReadJournalRequest& request) {
  Query query;
  if (Wrong wrong = RequireTimes(request, query)) return tl::unexpected(*std::move(wrong));
  if (!request.program().empty()) RequireProgram(request.program(), query);
  if (!request.destination().empty()) {
    Wrong wrong = RequireDestination(request.destination(), query);
    if (wrong) return tl::unexpected(*std::move(wrong));
  }
  if (!request.rule().empty()) {
    Require(query, "rule <> '' AND rule = ?");
    query.values.emplace_back(request.rule());
  }
  if (request.action() != v1::ACTION_UNSPECIFIED) {
    RequireNumber("action = ?", request.action(), query);
  }
  if (request.has_uid()) RequireNumber("uid = ?", request.uid(), query);
  if (request.port() != 0) RequireNumber("port = ?", request.port(), query);
  if (Wrong wrong = RequirePage(request.page_token(), query)) {
    return tl::unexpected(*std::move(wrong));
  }
  query.page_size = std::min(request.page_size() == 0 ? kUsualJournalEntries : request.page_size(),
                             kMostJournalEntries);
  query.sql = fmt::format("SELECT id, kind, times FROM entry {}{}ORDER BY id DESC LIMIT {}",
                          query.sql, query.sql.empty() ? "" : " ", query.page_size + 1);
  return query;
}

}  // namespace procwall
