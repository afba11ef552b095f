// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace procwall {

// Why SQLite did not do it.
struct SqlError {
  enum class Kind : std::uint8_t {
    kOther,
    kDamaged,  // the file is no database, or a broken one
    kFull,     // no room on the disk
    kStopped,  // by SqliteFile::StopWhen()
    kBusy,     // somebody else has it locked
    kCannotOpen,
  };
  Kind kind = Kind::kOther;
  std::string what;  // for people

  friend bool operator==(const SqlError&, const SqlError&) = default;
};

// As Result, with this richer error; PROCWALL_TRY works on it.
template <typename T>
class [[nodiscard]] SqlResult : public tl::expected<T, SqlError> {
 public:
  using tl::expected<T, SqlError>::expected;
  SqlResult(SqlError error)  // NOLINT(google-explicit-constructor): so that `return error` reads
      : tl::expected<T, SqlError>(tl::unexpect, std::move(error)) {}
};
using SqlStatus = SqlResult<void>;

// A statement that is compiled once and run often. Its file must outlive it. Thread rule: that of
// its file.
class SqlStatement {
 public:
  // Parameters count from 1. What is given is copied.
  SqlStatement& Bind(int parameter, std::int64_t value);
  SqlStatement& Bind(int parameter, std::string_view text);
  SqlStatement& BindBytes(int parameter, std::string_view bytes);
  SqlStatement& BindNull(int parameter);

  // True: a row is there to be read. False: it is done, and can be run again.
  SqlResult<bool> Step();
  // To its end, for what returns no rows.
  SqlStatus Run();

  // Of the row, columns count from 0.
  std::int64_t Integer(int column) const;
  std::string Text(int column) const;  // or bytes
  bool IsNull(int column) const;

 private:
  friend class SqliteFile;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit SqlStatement(sqlite3_stmt* statement) : statement_(statement) {}
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

// A database file. Never follows a symbolic link, and loads no extensions. Thread rule: one thread
// at a time.
class SqliteFile {
 public:
  enum class Mode : std::uint8_t {
    kWrite,       // the file must exist
    kRead,        // beside a writer
    kReadFrozen,  // nobody writes, and nothing can be written beside it
  };
  // `path` without symbolic links in any of its parts.
  static SqlResult<SqliteFile> Open(const std::string& path, Mode mode);

  SqlStatus Execute(const std::string& sql);
  SqlResult<SqlStatement> Prepare(std::string_view sql);
  // The one value of a statement such as "PRAGMA page_count"; 0 if it gives no row.
  SqlResult<std::int64_t> Number(std::string_view sql);
  // Rows that the last statement changed.
  std::int64_t Changes() const;
  // Of the last row that was inserted.
  std::int64_t LastId() const;

  // Whatever runs is asked now and then, and ends with kStopped when this says true.
  void StopWhen(std::function<bool()> stop);

 private:
  struct Closer {
    void operator()(sqlite3* database) const;
  };
  explicit SqliteFile(sqlite3* database) : database_(database) {}

  std::unique_ptr<std::function<bool()>> stop_;  // stays where it is when this is moved
  std::unique_ptr<sqlite3, Closer> database_;
};

}  // namespace procwall
