// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_change.h"

#include <fcntl.h>

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"
#include "record/json_text.h"
#include "rules/rule_file.h"
#include "rules/rule_writer.h"

namespace procwall {

std::string RuleChangeJson(const RuleChange& change) {
  Json json;
  json["what"] = change.what;
  json["name"] = JsonText(change.name);
  json["file"] = JsonText(change.file);
  json["why"] = JsonText(change.why);
  return OneLine(json);
}

void TellChange(const RuleChange& change, const std::string& text, OutputForm form,
                const Console& console) {
  if (form == OutputForm::kJson) {
    console.out << RuleChangeJson(change) << "\n";
  } else {
    console.err << text << "\n";
  }
}

void WarnOfLostComments(const Rule& rule, const std::string& file, const Console& console) {
  if (file.empty()) return;
  const auto before = ReadFileAt(AT_FDCWD, file.c_str(), kMaxRuleFileBytes);
  if (!before || !LosesComments(rule, *before)) return;
  console.err << fmt::format(
      "note {} is written anew: its comments are lost (`rules edit` keeps "
      "them)\n",
      TerminalSafe(file));
}

}  // namespace procwall
