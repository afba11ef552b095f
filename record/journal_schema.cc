// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/journal_schema.h"

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "base/result.h"

namespace procwall {
namespace {

// Every table's id is that of entry. `body` is apart, so that looking through entries reads little.
constexpr const char* kTables = R"sql(
CREATE TABLE entry(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,      -- 1: a decision, 2: a flow that has ended
  time INTEGER NOT NULL,      -- nanoseconds since 1970, UTC
  action INTEGER,             -- 1: allow, 2: deny, 3: reject; NULL: a flow
  program TEXT NOT NULL,      -- the executable's path; empty: not known
  name TEXT NOT NULL,         -- its last part
  destination BLOB NOT NULL,  -- 16 bytes, IPv4 as ::ffff:a.b.c.d; empty: unreadable headers
  port INTEGER NOT NULL,
  host TEXT NOT NULL,         -- the destination's name backwards, 'org.example.www.'; empty: none
  protocol TEXT NOT NULL,
  uid INTEGER,
  pid INTEGER,
  rule TEXT NOT NULL,         -- empty: none
  times INTEGER NOT NULL DEFAULT 1);  -- so many decisions alike; the last of them is told
CREATE TABLE body(
  id INTEGER PRIMARY KEY,
  message BLOB NOT NULL);     -- procwall.v1.Event or FlowNote
-- The other programs of an ambiguous decision, and the other names of its destination.
CREATE TABLE other(
  id INTEGER NOT NULL,
  program TEXT NOT NULL,
  name TEXT NOT NULL,
  host TEXT NOT NULL);
-- What flows that have ended had moved; NULL: not counted.
CREATE TABLE flow(
  id INTEGER PRIMARY KEY,
  sent_packets INTEGER, sent_bytes INTEGER,
  received_packets INTEGER, received_bytes INTEGER,
  duration INTEGER);          -- nanoseconds
CREATE INDEX entry_time ON entry(time);
CREATE INDEX entry_name ON entry(name);
CREATE INDEX entry_destination ON entry(destination);
CREATE INDEX entry_host ON entry(host) WHERE host <> '';
CREATE INDEX entry_rule ON entry(rule) WHERE rule <> '';
CREATE INDEX other_id ON other(id);
CREATE INDEX other_name ON other(name);
CREATE INDEX other_host ON other(host) WHERE host <> '';
)sql";

SqlError Later(std::int64_t version) {
  return {SqlError::Kind::kOther,
          fmt::format("it was written by a later version of procwalld (its tables have version {}, "
                      "this program knows {}): use that version, or move the file away",
                      version, kJournalVersion)};
}

}  // namespace

SqlStatus PrepareJournalTables(SqliteFile& file) {
  const std::int64_t version = PROCWALL_TRY(file.Number("PRAGMA user_version"));
  if (version > kJournalVersion) return Later(version);
  if (version == kJournalVersion) return {};
  // Space of what is deleted can be given back only if this comes before the first table.
  PROCWALL_TRY_STATUS(file.Execute("PRAGMA auto_vacuum = INCREMENTAL"));
  PROCWALL_TRY_STATUS(file.Execute(fmt::format(
      "BEGIN IMMEDIATE; {} PRAGMA user_version = {}; COMMIT", kTables, kJournalVersion)));
  return {};
}

SqlStatus CheckJournalTables(SqliteFile& file) {
  const std::int64_t version = PROCWALL_TRY(file.Number("PRAGMA user_version"));
  if (version > kJournalVersion) return Later(version);
  if (version == kJournalVersion) return {};
  return SqlError{SqlError::Kind::kOther, "it is no journal of procwalld"};
}

}  // namespace procwall
