// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/sqlite_file.h"

#include <utility>

#include <sqlite3.h>

#include "base/result.h"

namespace procwall {
namespace {

SqlError::Kind KindOf(int code) {
  switch (code & 0xff) {  // extended codes hold the primary one there
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return SqlError::Kind::kDamaged;
    case SQLITE_FULL:
      return SqlError::Kind::kFull;
    case SQLITE_INTERRUPT:
      return SqlError::Kind::kStopped;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return SqlError::Kind::kBusy;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return SqlError::Kind::kCannotOpen;
    default:
      return SqlError::Kind::kOther;
  }
}

SqlError ErrorOf(sqlite3* database, int code) {
  return {KindOf(code), database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code)};
}

int AskWhetherToStop(void* stop) { return (*static_cast<std::function<bool()>*>(stop))() ? 1 : 0; }

// "file:" names need these escaped: https://sqlite.org/uri.html
std::string AsUri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%') {
      uri += "%25";
    } else if (c == '?') {
      uri += "%3f";
    } else if (c == '#') {
      uri += "%23";
    } else {
      uri += c;
    }
  }
  return uri;
}

constexpr int kBusyMs = 1000;
// About a millisecond of work between two looks at whether to stop.
constexpr int kOperationsBetweenLooks = 4000;

}  // namespace

void SqlStatement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

// What cannot be bound is found by Step(): a parameter that is not there is our own mistake.
SqlStatement& SqlStatement::Bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

SqlStatement& SqlStatement::Bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data() != nullptr ? text.data() : "",
                      text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

SqlStatement& SqlStatement::BindBytes(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(statement_.get(), parameter, bytes.data() != nullptr ? bytes.data() : "",
                      bytes.size(), SQLITE_TRANSIENT);
  return *this;
}

SqlStatement& SqlStatement::BindNull(int parameter) {
  sqlite3_bind_null(statement_.get(), parameter);
  return *this;
}

SqlResult<bool> SqlStatement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  SqlError error;
  if (code != SQLITE_DONE) error = ErrorOf(sqlite3_db_handle(statement_.get()), code);
  sqlite3_reset(statement_.get());
  if (code != SQLITE_DONE) return error;
  return false;
}

SqlStatus SqlStatement::Run() {
  for (;;) {
    const SqlResult<bool> row = Step();
    if (!row) return row.error();
    if (!*row) return {};
  }
}

std::int64_t SqlStatement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqlStatement::Text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

bool SqlStatement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void SqliteFile::Closer::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

SqlResult<SqliteFile> SqliteFile::Open(const std::string& path, Mode mode) {
  const int access = mode == Mode::kWrite ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const std::string name = AsUri(path) + (mode == Mode::kReadFrozen ? "?immutable=1" : "");
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(
      name.c_str(), &opened,
      access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE,
      nullptr);
  SqliteFile file(opened);
  if (code != SQLITE_OK) return ErrorOf(opened, code);
  sqlite3_busy_timeout(opened, kBusyMs);
  // A damaged or hostile file must not run anything: https://sqlite.org/security.html
  sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return file;
}

SqlStatus SqliteFile::Execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return ErrorOf(database_.get(), code);
  return {};
}

SqlResult<SqlStatement> SqliteFile::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()), 0,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return ErrorOf(database_.get(), code);
  return SqlStatement(statement);
}

SqlResult<std::int64_t> SqliteFile::Number(std::string_view sql) {
  SqlStatement statement = PROCWALL_TRY(Prepare(sql));
  const bool is_there = PROCWALL_TRY(statement.Step());
  return is_there ? statement.Integer(0) : 0;
}

std::int64_t SqliteFile::Changes() const { return sqlite3_changes64(database_.get()); }

std::int64_t SqliteFile::LastId() const { return sqlite3_last_insert_rowid(database_.get()); }

void SqliteFile::StopWhen(std::function<bool()> stop) {
  stop_ = std::make_unique<std::function<bool()>>(std::move(stop));
  sqlite3_progress_handler(database_.get(), kOperationsBetweenLooks, AskWhetherToStop, stop_.get());
}

}  // namespace procwall
