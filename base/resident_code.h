// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>

namespace procwall {

// Gives back the pages of this program's code and constants and of those of its libraries: most of
// what was read to start is never needed again. What is needed comes back from the page cache, 64
// KiB at a time, which costs a microsecond where the file was not dropped from it (madvise(2),
// MADV_DONTNEED on a private mapping of a file that nobody has written to). Data is not touched.
// Returns how many mappings were given back. Thread rule: any thread.
std::size_t GiveBackCodeAndConstants();

}  // namespace procwall
