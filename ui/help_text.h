// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

namespace procwall {

// `procwall --help`: all commands by what they are for, with an example each.
std::string_view HelpText();

// Examples for the end of a command's own help; empty: none.
std::string_view ExamplesOf(std::string_view command);

// The command a person probably meant by `word`; empty: none is close.
std::string_view NearestCommand(std::string_view word);

// "procwall: there is no command 'wacth'. Did you mean 'watch'?", and where the help is.
std::string NoSuchCommandText(std::string_view word);

}  // namespace procwall
