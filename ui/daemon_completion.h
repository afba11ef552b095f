// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "ui/completion.h"

namespace procwall {

// A script that teaches the shell to complete procwalld's command lines: its flags, with one dash
// or two, and their values.
std::string DaemonCompletionScript(Shell shell);

}  // namespace procwall
