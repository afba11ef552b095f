// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

namespace procwall {

// Makes sure that the journal's file is there and ours: its directory is made with mode 0700 if it
// is missing, the file with 0600. Refuses a directory where others can write, and symbolic links,
// other people's files and hard links in place of the file: whoever plants one must not make us
// write elsewhere. Returns the path without symbolic links; the error is for people.
tl::expected<std::string, std::string> PlaceJournal(const std::string& path);

// Moves a damaged journal out of the way, to PATH.damaged; one that is there already is replaced,
// so that damaged ones do not pile up. The error is for people.
tl::expected<std::string, std::string> SetJournalAside(const std::string& path);

}  // namespace procwall
