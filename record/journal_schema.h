// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string_view>

#include "record/sqlite_file.h"

namespace procwall {

// The journal's tables (docs/JOURNAL.md tells what is in them). A later version that a former
// procwalld cannot write to has a higher number.
inline constexpr int kJournalVersion = 1;

// Makes the tables where there are none. The error names the file's version if it is a later one.
SqlStatus PrepareJournalTables(SqliteFile& file);

// That there are tables which we know; for whoever only reads.
SqlStatus CheckJournalTables(SqliteFile& file);

}  // namespace procwall
