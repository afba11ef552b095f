// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_check.h"

#include <fcntl.h>

#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "base/printable.h"
#include "record/json_text.h"
#include "ui/styled_text.h"

namespace procwall {
namespace {

void PrintLine(OutputForm form, const RuleCheckLine& line, const Console& console) {
  if (form == OutputForm::kJson) {
    console.out << RuleCheckJson(line) << "\n";
    return;
  }
  console.out << RuleCheckText(line, console.terminal.colours) << "\n";
  for (const std::string& note : line.notes) {
    console.err << "note " << TerminalSafe(line.file) << " " << TerminalSafe(note) << "\n";
  }
}

}  // namespace

std::string RuleCheckText(const RuleCheckLine& line, Colours colours) {
  StyledText text;
  if (line.ok) {
    text.Append("ok", Style::kGood).Append(" " + line.file + " " + line.name);
  } else {
    text.Append("refused", Style::kBad)
        .Append(fmt::format(" {} {}:{} ", line.file, line.error.line, line.error.column))
        .Append(line.error.reason);
  }
  return text.Render(colours);
}

std::string RuleCheckJson(const RuleCheckLine& line) {
  Json json = {{"ok", line.ok}, {"file", JsonText(line.file)}, {"name", JsonText(line.name)}};
  json["line"] = line.error.line;
  json["column"] = line.error.column;
  json["reason"] = JsonText(line.error.reason);
  json["notes"] = Json::array();
  for (const std::string& note : line.notes) json["notes"].push_back(JsonText(note));
  return OneLine(json);
}

ExitCode RunRulesCheck(OutputForm form, const std::vector<std::string>& paths,
                       const Console& console) {
  ExitCode code = kSuccess;
  for (const std::string& path : paths) {
    if (const auto readable = OpenAt(AT_FDCWD, path.c_str(), O_RDONLY | O_NONBLOCK); !readable) {
      console.err << fmt::format("procwall: cannot read {}: {}\n", TerminalSafe(path),
                                 std::generic_category().message(readable.error().sys_errno));
      code = kUsage;
      continue;
    }
    const std::vector<RuleCheckLine> lines = CheckRules(path);
    if (lines.empty()) console.err << "no rule files in " << TerminalSafe(path) << "\n";
    for (const RuleCheckLine& line : lines) {
      PrintLine(form, line, console);
      if (!line.ok && code == kSuccess) code = kFailed;
    }
  }
  return code;
}

}  // namespace procwall
