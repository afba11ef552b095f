// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/lists_operator.h"

#include <optional>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

std::optional<ListKind> KindFor(const OperatorTask& task) {
  switch (task.operand.kind) {
    case OperandKind::kListDomains:
      return ListKind::kDomains;
    case OperandKind::kListPatterns:
      return task.Case() == LetterCase::kMatters ? ListKind::kSensitivePatterns
                                                 : ListKind::kPatterns;
    case OperandKind::kListAddresses:
      return ListKind::kAddresses;
    case OperandKind::kListHashes:
      return ListKind::kDigests;
    default:
      return std::nullopt;
  }
}

void Note(const ListState& state, std::vector<std::string>& notes) {
  const ListReport& report = state.report;
  for (const RuleError& error : report.missing) {
    notes.push_back("list " + Printable(error.ToString()));
  }
  if (report.bad_lines != 0) {
    notes.push_back(fmt::format("list {}: bad lines are passed over: {}, the first is {}",
                                Printable(state.directory), report.bad_lines,
                                Printable(report.named.front().ToString())));
  }
  if (state.list->Size() == 0) {
    notes.push_back(
        fmt::format("list {} is empty: this never matches", Printable(state.directory)));
  }
}

}  // namespace

CompiledCondition CompileLists(const OperatorTask& task) {
  const auto kind = KindFor(task);
  if (!kind) return task.RefuseType();
  if (!task.op.data.starts_with('/')) {
    return task.Refuse(OperatorPart::kData,
                       "a list is a directory, whose path begins with a slash");
  }
  if (task.references.lists == nullptr) return Condition(Condition::Never{});
  const ListState& state = task.references.lists->Find(task.op.data, *kind);
  if (task.notes != nullptr) Note(state, *task.notes);
  return Condition(Condition::OnList{state.list});
}

}  // namespace procwall
