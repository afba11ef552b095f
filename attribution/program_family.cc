// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/program_family.h"

#include <string>
#include <utility>

namespace procwall {
namespace {

Program* ParentOf(const ProgramStore& store, const Program& program) {
  if (program.parent.pid == 0) return nullptr;
  Program* parent = store.Latest(program.parent.pid);
  while (parent != nullptr &&
         !(IsOf(*parent, program.parent) && parent->id.start_time <= program.id.start_time)) {
    parent = parent->older;  // that pid was given again since
  }
  return parent;
}

LineagePtr FindLineage(const ProgramStore& store, Program& program, std::size_t depth);

LineagePtr MakeAncestor(const ProgramStore& store, Program& program, std::size_t depth) {
  if (program.as_ancestor == nullptr) {
    std::string path = program.image == nullptr ? "" : RulePath(program.image->Get());
    program.as_ancestor =
        Lineage::Make({program.id.pid, std::move(path)}, FindLineage(store, program, depth));
  }
  return program.as_ancestor;
}

// A process that was found in /proc may have a parent that was found there after it.
// NOLINTNEXTLINE(misc-no-recursion): kMaxAncestors deep
LineagePtr FindLineage(const ProgramStore& store, Program& program, std::size_t depth) {
  if (program.lineage == nullptr && depth < kMaxAncestors) {
    Program* const parent = ParentOf(store, program);
    if (parent != nullptr) program.lineage = MakeAncestor(store, *parent, depth + 1);
  }
  return program.lineage;
}

}  // namespace

LineagePtr AsAncestor(const ProgramStore& store, Program& program) {
  return MakeAncestor(store, program, 0);
}

LineagePtr LineageOf(const ProgramStore& store, Program& program) {
  return FindLineage(store, program, 0);
}

}  // namespace procwall
