// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_reader.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/result.h"
#include "record/journal_query.h"
#include "record/journal_row.h"
#include "record/journal_schema.h"

namespace procwall {
namespace {

SqlResult<SqlStatement> Prepared(SqliteFile& file, const JournalQuery& query) {
  // CROSS JOIN: first the numbers, then their bodies.
  SqlStatement statement = PROCWALL_TRY(file.Prepare(
      fmt::format("SELECT found.id, found.kind, body.message, found.times FROM ({}) AS found "
                  "CROSS JOIN body ON body.id = found.id ORDER BY found.id DESC",
                  query.sql)));
  int parameter = 0;
  for (const auto& value : query.values) {
    ++parameter;
    if (const auto* number = std::get_if<std::int64_t>(&value)) statement.Bind(parameter, *number);
    if (const auto* text = std::get_if<std::string>(&value)) statement.Bind(parameter, *text);
    if (const auto* raw = std::get_if<SqlBytes>(&value)) statement.BindBytes(parameter, raw->bytes);
  }
  return statement;
}

// False: the message makes no sense.
bool Fill(std::int64_t kind, const std::string& message, v1::JournalEntry& entry) {
  switch (kind) {
    case static_cast<std::int64_t>(JournalKind::kDecision):
      return entry.mutable_event()->ParseFromString(message);
    case static_cast<std::int64_t>(JournalKind::kFlowEnded):
      return entry.mutable_ended()->ParseFromString(message);
    default:
      return true;  // a later version's: told by its number alone
  }
}

}  // namespace

SqlResult<JournalReader> JournalReader::Open(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  if (error) return SqlError{SqlError::Kind::kCannotOpen, error.message()};
  const auto open = [&](SqliteFile::Mode mode) -> SqlResult<JournalReader> {
    SqliteFile file = PROCWALL_TRY(SqliteFile::Open(real.string(), mode));
    PROCWALL_TRY_STATUS(CheckJournalTables(file));
    return JournalReader(std::move(file));
  };
  auto reader = open(SqliteFile::Mode::kRead);
  if (reader || reader.error().kind != SqlError::Kind::kCannotOpen) return reader;
  // A copy where nothing can be written: read as it lies there, if it is all there is.
  if (std::filesystem::exists(real.string() + "-wal", error)) return reader;
  return open(SqliteFile::Mode::kReadFrozen);
}

SqlResult<v1::ReadJournalResponse> JournalReader::Read(const v1::ReadJournalRequest& request,
                                                       std::function<bool()> stop) {
  const auto query = QueryOf(request);
  if (!query) return SqlError{SqlError::Kind::kOther, query.error()};
  file_.StopWhen(stop ? std::move(stop) : [] { return false; });
  SqlStatement statement = PROCWALL_TRY(Prepared(file_, *query));
  v1::ReadJournalResponse response;
  std::size_t bytes = 0;
  while (PROCWALL_TRY(statement.Step())) {
    const auto count = static_cast<std::uint32_t>(response.entries_size());
    if (count == query->page_size || bytes > kMostPageBytes) {
      response.set_next_page_token(
          std::to_string(response.entries(response.entries_size() - 1).id()));
      break;
    }
    v1::JournalEntry& entry = *response.add_entries();
    entry.set_id(static_cast<std::uint64_t>(statement.Integer(0)));
    entry.set_times(static_cast<std::uint32_t>(statement.Integer(3)));
    const std::string message = statement.Text(2);
    bytes += message.size();
    if (!Fill(statement.Integer(1), message, entry)) {
      return SqlError{SqlError::Kind::kDamaged, fmt::format("entry {} makes no sense", entry.id())};
    }
  }
  return response;
}

}  // namespace procwall
