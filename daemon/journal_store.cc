// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/result.h"
#include "record/journal_schema.h"
#include "record/time_stamp.h"

namespace procwall {
namespace {

// NORMAL: what was committed outlives us; of a crash of the whole machine the last seconds may be
// missing, but the file is whole.
constexpr const char* kHowToWrite =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304; "
    "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -512";  // KiB

void BindOrNull(SqlStatement& statement, int parameter, bool is_known, std::uint64_t value) {
  if (is_known) {
    statement.Bind(parameter, static_cast<std::int64_t>(value));
  } else {
    statement.BindNull(parameter);
  }
}

void BindOrNull(SqlStatement& statement, int parameter, const std::optional<std::int64_t>& value) {
  BindOrNull(statement, parameter, value.has_value(),
             static_cast<std::uint64_t>(value.value_or(0)));
}

}  // namespace

SqlResult<JournalStore> JournalStore::Open(const std::string& path) {
  SqliteFile file = PROCWALL_TRY(SqliteFile::Open(path, SqliteFile::Mode::kWrite));
  PROCWALL_TRY_STATUS(PrepareJournalTables(file));
  PROCWALL_TRY_STATUS(file.Execute(kHowToWrite));
  Statements statements{
      PROCWALL_TRY(file.Prepare(
          "INSERT INTO entry(kind, time, action, program, name, destination, port, host, protocol, "
          "uid, pid, rule, times) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      PROCWALL_TRY(file.Prepare("INSERT INTO body(id, message) VALUES(?, ?)")),
      PROCWALL_TRY(file.Prepare("INSERT INTO other(id, program, name, host) VALUES(?, ?, ?, ?)")),
      PROCWALL_TRY(file.Prepare("INSERT INTO flow(id, sent_packets, sent_bytes, received_packets, "
                                "received_bytes, duration) VALUES(?, ?, ?, ?, ?, ?)"))};
  JournalStore store(std::move(file), std::move(statements));
  store.entries_ =
      static_cast<std::uint64_t>(PROCWALL_TRY(store.file_.Number("SELECT count(*) FROM entry")));
  return store;
}

template <typename Change>
SqlStatus JournalStore::InTransaction(const Change& change) {
  PROCWALL_TRY_STATUS(file_.Execute("BEGIN IMMEDIATE"));
  SqlStatus changed = change();
  if (changed) changed = file_.Execute("COMMIT");
  if (!changed) (void)file_.Execute("ROLLBACK");  // fails where SQLite has rolled back already
  return changed;
}

SqlStatus JournalStore::Append(const std::vector<JournalRow>& rows) {
  const SqlStatus appended = InTransaction([&]() -> SqlStatus {
    for (const JournalRow& row : rows) PROCWALL_TRY_STATUS(Insert(row));
    return {};
  });
  if (!appended) return appended;
  entries_ += rows.size();
  return {};
}

SqlStatus JournalStore::Insert(const JournalRow& row) {
  SqlStatement& entry = statements_.entry;
  entry.Bind(1, static_cast<std::int64_t>(row.kind)).Bind(2, row.time);
  BindOrNull(entry, 3, row.action != 0, static_cast<std::uint64_t>(row.action));
  entry.Bind(4, row.program).Bind(5, LastPart(row.program)).BindBytes(6, row.destination);
  entry.Bind(7, row.port).Bind(8, row.host).Bind(9, row.protocol);
  BindOrNull(entry, 10, row.uid);
  BindOrNull(entry, 11, row.pid);
  PROCWALL_TRY_STATUS(entry.Bind(12, row.rule).Bind(13, row.times).Run());
  const std::int64_t id = file_.LastId();
  PROCWALL_TRY_STATUS(statements_.body.Bind(1, id).BindBytes(2, row.message).Run());
  const auto insert_other = [&](std::string_view program, std::string_view host) {
    SqlStatement& other = statements_.other;
    return other.Bind(1, id).Bind(2, program).Bind(3, LastPart(program)).Bind(4, host).Run();
  };
  for (const auto& program : row.other_programs) PROCWALL_TRY_STATUS(insert_other(program, ""));
  for (const auto& host : row.other_hosts) PROCWALL_TRY_STATUS(insert_other("", host));
  if (!row.flow) return {};
  SqlStatement& flow = statements_.flow;
  flow.Bind(1, id);
  BindOrNull(flow, 2, row.flow->has_sent_packets(), row.flow->sent_packets());
  BindOrNull(flow, 3, row.flow->has_sent_bytes(), row.flow->sent_bytes());
  BindOrNull(flow, 4, row.flow->has_received_packets(), row.flow->received_packets());
  BindOrNull(flow, 5, row.flow->has_received_bytes(), row.flow->received_bytes());
  BindOrNull(flow, 6, row.flow->has_age(),
             static_cast<std::uint64_t>(Nanoseconds(row.flow->age()).count()));
  return flow.Run();
}

SqlResult<bool> JournalStore::DeleteSlice(const std::string& which) {
  std::int64_t deleted = 0;
  const SqlStatus done = InTransaction([&]() -> SqlStatus {
    PROCWALL_TRY_STATUS(
        file_.Execute("CREATE TEMP TABLE IF NOT EXISTS leaving(id INTEGER PRIMARY "
                      "KEY); DELETE FROM leaving"));
    PROCWALL_TRY_STATUS(
        file_.Execute(fmt::format("INSERT INTO leaving {} LIMIT {}", which, kSlice)));
    for (const char* table : {"body", "other", "flow", "entry"}) {
      PROCWALL_TRY_STATUS(
          file_.Execute(fmt::format("DELETE FROM {} WHERE id IN (SELECT id FROM leaving)", table)));
    }
    deleted = file_.Changes();
    return {};
  });
  if (!done) return done.error();
  entries_ -= std::min(entries_, static_cast<std::uint64_t>(deleted));
  // A slice's room, and more of what was left before, goes back to the file system.
  PROCWALL_TRY_STATUS(file_.Execute("PRAGMA incremental_vacuum(4096)"));
  return deleted == kSlice;
}

SqlResult<bool> JournalStore::TrimToBytes(std::uint64_t most) {
  const std::int64_t pages = PROCWALL_TRY(file_.Number("PRAGMA page_count"));
  const std::int64_t unused = PROCWALL_TRY(file_.Number("PRAGMA freelist_count"));
  const std::int64_t page = PROCWALL_TRY(file_.Number("PRAGMA page_size"));
  if (static_cast<std::uint64_t>((pages - unused) * page) <= most) {
    return false;
  }
  (void)PROCWALL_TRY(DeleteSlice("SELECT id FROM entry ORDER BY id"));
  return entries_ > 0;
}

SqlResult<bool> JournalStore::TrimToTime(std::int64_t oldest) {
  // By time and not by number: the clock may have been wrong for a while.
  return DeleteSlice(fmt::format("SELECT id FROM entry WHERE time < {} ORDER BY time", oldest));
}

SqlStatus JournalStore::Merge() { return file_.Execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

SqlResult<JournalStore::Size> JournalStore::Measure() {
  Size size;
  size.entries = entries_;
  const std::int64_t pages = PROCWALL_TRY(file_.Number("PRAGMA page_count"));
  size.bytes = static_cast<std::uint64_t>(pages * PROCWALL_TRY(file_.Number("PRAGMA page_size")));
  size.oldest = PROCWALL_TRY(file_.Number("SELECT time FROM entry ORDER BY id LIMIT 1"));
  return size;
}

}  // namespace procwall
