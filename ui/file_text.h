// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What is unusual about the file that a process executes, for people: "its file was deleted".
// Empty: nothing, or nobody knows.
std::string FileText(const v1::Process& process);
// The same in one word, for a cell: "deleted".
std::string FileWord(const v1::Process& process);

}  // namespace procwall
