// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

#include "base/shared_list.h"

namespace procwall {

// The file that an interpreter (python, perl, ruby, node, php, lua, java -jar, tclsh, awk -f and
// the shells, by the name of its executable) was told to run: "/home/u/y.py" for `python3 y.py`,
// also by way of `#!` and env. Empty when there is none (`-c CODE`, `-m MODULE`, standard input),
// when it is no interpreter, or when the arguments are not understood: no guess is made. A relative
// name is taken to be of the working directory; "" when that is not known. The arguments are the
// process's own word: evidence for people, no identity. A total function.
std::string ScriptOf(std::string_view executable, const SharedList<std::string>& args,
                     std::string_view working_directory);

}  // namespace procwall
