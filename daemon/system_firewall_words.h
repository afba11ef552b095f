// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/system_firewall_file.h"

namespace procwall {

// A rule's translation, or why there is none: a sentence for its author.
template <typename T>
using Translated = tl::expected<T, std::string>;

// Whether it can stand in a script of nft's or iptables-restore's as one word: nothing in it that
// such a script would take for something else.
bool IsScriptWord(std::string_view text);
// "a,b" as its parts; the reason names `what` when one of them is no word.
Translated<std::vector<std::string>> ScriptWords(std::string_view list, std::string_view what);
// In quotes: interface names, prefixes of log lines. At most 64 printable characters, no quotes.
Translated<std::string> QuotedWord(std::string_view text, std::string_view what);
// Of words of ASCII.
std::string InLowerCase(std::string text);
// At blanks.
std::vector<std::string> SplitAtBlanks(std::string_view text);

// The value of `key`; null: there is none.
const std::string* ValueOf(const SystemStatement& statement, std::string_view key);
// Of a statement with one value whose key says nothing: {"iifname", {{"lo", ""}}}.
std::string OnlyValue(const SystemStatement& statement);

// What a rule says in iptables' own words, as conditions of the other form: what nft is given where
// there is no iptables. Only the usual ones: -p, -s, -d, -i, -o, ports, ICMP types, states, marks.
Translated<std::vector<SystemStatement>> StatementsOfParameters(const std::string& parameters);

// Where a rule comes from, as it is written into the kernel's rules for people to see.
std::string SystemComment(int line);
// The other way round, from a line of a script; 0: it is none of those.
int LineOfSystemComment(std::string_view script_line);

}  // namespace procwall
