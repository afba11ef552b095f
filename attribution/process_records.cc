// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process_records.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "attribution/program_family.h"
#include "attribution/script.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxLine = 16;  // of children whose programs are not known

// The kernel's name of a thread, as exec sets it.
std::string CommOf(std::string_view path) {
  constexpr std::size_t kMaxComm = 15;
  return std::string(path.substr(path.rfind('/') + 1).substr(0, kMaxComm));
}

// Whether the program was executed from that file.
bool RunsFile(const Program& program, const FileId& file) {
  if (program.executable.IsKnown() && program.executable == file) return true;
  if (program.image == nullptr) return false;
  const FileId& known = program.image->Get().executable;
  return known == file || (!program.executable.IsKnown() && MayBeSameFile(file, known));
}

bool IsOfThisHost(ExecutableState state) {
  return state == ExecutableState::kSame || state == ExecutableState::kDeleted ||
         state == ExecutableState::kReplaced;
}

bool IsWanted(const Program& program, const ProgramOfProcess& wanted) {
  if (wanted.executable.IsKnown() && !RunsFile(program, wanted.executable)) return false;
  if (wanted.exec_number == 0) return true;
  if (program.exec_number != 0) return program.exec_number == wanted.exec_number;
  return wanted.executable.IsKnown();  // the number is not known: the file must tell
}

}  // namespace

ProcessPtr ProcessRecords::Find(const ProgramOfProcess& wanted) {
  Program* program = store_.Latest(wanted.id.pid);
  while (program != nullptr && !(IsOf(*program, wanted.id) && IsWanted(*program, wanted))) {
    program = program->older;
  }
  if (program == nullptr) return nullptr;
  const bool any_program = wanted.exec_number == 0 && !wanted.executable.IsKnown();
  if (any_program && program->confirmed < last_loss_) return nullptr;
  ProcessPtr described = Describe(*program);
  if (described == nullptr) return nullptr;
  if (described != program->described) store_.KeepDescribed(*program, described);
  store_.Use(*program);
  if (!program->is_past && !program->is_used && used_.size() < kMaxUsed) {
    program->is_used = true;
    used_.push_back(program->id);
  }
  return described;
}

std::vector<ProcessId> ProcessRecords::Used() {
  std::erase_if(used_, [this](const ProcessId& id) { return Living(id) == nullptr; });
  std::ranges::sort(used_);
  // It executed another program meanwhile.
  used_.erase(std::unique(used_.begin(), used_.end()), used_.end());
  return used_;
}

void ProcessRecords::TakeFile(const ProcessId& id, const Executable& executable) {
  Program* const program = Living(id);
  if (program == nullptr || program->image == nullptr) return;
  const Process& told = program->image->Get();
  // The file may have been moved, which changes the path that the kernel shows.
  if (told.path != executable.path || !told.executable.IsKnown() ||
      !MayBeSameFile(told.executable, executable.file)) {
    return;
  }
  // What is not this host's stays what it was: rules see another path of that.
  if (!IsOfThisHost(told.executable_state) || !IsOfThisHost(executable.state)) return;
  if (told.executable_state == executable.state && told.path_is_deleted == executable.deleted) {
    return;
  }
  Process process = told;
  process.executable_state = executable.state;
  process.path_is_deleted = executable.deleted;
  program->image->Set(std::move(process));
  ImageChanged(*program);
}

Program* ProcessRecords::Living(const ProcessId& id) const {
  Program* const latest = store_.Latest(id.pid);
  return latest != nullptr && !latest->is_past && IsOf(*latest, id) ? latest : nullptr;
}

Program& ProcessRecords::Begin(Program program, BootTime now) {
  Program* const before = store_.Latest(program.id.pid);
  if (before != nullptr) {
    if (!IsOf(*before, program.id)) children_.RemoveParent(program.id.pid);  // its end was not told
    store_.End(*before, now);
  }
  program.confirmed = now;
  Program& begun = store_.Insert(std::move(program));
  RememberChild(begun);
  store_.Trim(now - keep_dead_, &begun);
  return begun;
}

void ProcessRecords::End(Program& program, BootTime now) {
  children_.Remove(program.parent.pid, program.id.pid);
  children_.RemoveParent(program.id.pid);
  store_.End(program, now);
}

// Those that were forgotten for want of room never end here: all are counted anew when the numbers
// tell of them.
void ProcessRecords::RememberChild(const Program& child) {
  if (children_.Size() <= 2 * most_) return children_.Add(child.parent.pid, child.id.pid);
  children_.Clear();
  for (const Program& program : store_.Living()) {
    children_.Add(program.parent.pid, program.id.pid);
  }
}

// Children that executed nothing share the image, which needs no comparing.
bool ProcessRecords::RunsAnother(const Program& program, const Process& holder,
                                 const Program* known) const {
  if (program.id.pid == holder.id.pid) return false;
  if (program.image == nullptr) return true;
  if (known != nullptr && known->image == program.image) return false;
  return RulePath(program.image->Get()) != RulePath(holder);
}

bool ProcessRecords::VisitDescendants(Pid pid,
                                      const std::function<bool(const Program&)>& visit) const {
  std::vector<Pid> family{pid};
  for (std::size_t i = 0; i < family.size(); ++i) {
    for (const Pid child : children_.Of(family[i])) {
      const Program* const program = store_.Latest(child);
      if (program == nullptr || program->is_past || program->parent.pid != family[i]) continue;
      if (family.size() > kMaxKin || !visit(*program)) return false;
      family.push_back(child);
    }
  }
  return true;
}

std::optional<std::vector<Pid>> ProcessRecords::OtherKin(const Process& holder,
                                                         Kinship kinship) const {
  std::vector<Pid> others;
  const Program* const known = Living(holder.id);
  const auto consider = [&](const Program& program) {
    if (RunsAnother(program, holder, known)) others.push_back(program.id.pid);
    return true;
  };
  if (!VisitDescendants(holder.id.pid, consider)) return std::nullopt;
  if (kinship == Kinship::kDescendants) return others;
  for (const Ancestor& ancestor : holder.ancestors) {
    const Program* const program = store_.Latest(ancestor.pid);
    if (program != nullptr && !program->is_past) consider(*program);
  }
  return others;
}

// Some sources do not tell start times, and /proc adds them later.
Program* ProcessRecords::LivingOrUntold(const ProcessId& id) const {
  Program* const program = store_.Latest(id.pid);
  if (program == nullptr || program->is_past) return nullptr;
  return program->id.start_time == 0 || IsOf(*program, id) ? program : nullptr;
}

bool ProcessRecords::HasExecuted(const ProcessId& id) const {
  const Program* const program = LivingOrUntold(id);
  if (program == nullptr) return false;
  const bool was_found_in_proc = program->looked != BootTime{};  // its past is not known
  const Program* const older = program->older;
  const bool is_its_own =
      older != nullptr && (older->id.start_time == 0 || IsOf(*older, program->id));
  return was_found_in_proc || is_its_own;
}

ProcessPtr ProcessRecords::Sketch(const ProcessId& id) {
  Program* const program = LivingOrUntold(id);
  if (program == nullptr) return nullptr;
  Process process;
  process.id = program->id;
  process.parent_pid = program->parent.pid;
  if (const LineagePtr lineage = LineageOf(store_, *program)) {
    process.ancestors = lineage->Ancestors();
  }
  if (program->image != nullptr) {
    process.path = RulePath(program->image->Get());
  } else if (!HasExecuted(id) && !process.ancestors.empty()) {
    process.path = process.ancestors.front().path;  // it runs what its parent ran
  }
  return std::make_shared<const Process>(std::move(process));
}

bool ProcessRecords::HasOtherDescendants(const Process& holder) const {
  const Program* const known = Living(holder.id);
  return !VisitDescendants(
      holder.id.pid, [&](const Program& program) { return !RunsAnother(program, holder, known); });
}

void ProcessRecords::WantDescription(const Program& program, BootTime executed) {
  if (undescribed_.size() == most_) undescribed_.pop_front();
  undescribed_.push_back({.id = program.id,
                          .serial = program.serial,
                          .executable = program.executable,
                          .path = program.image == nullptr ? "" : program.image->Get().path,
                          .executed = executed});
}

void ProcessRecords::Apply(const ProcessEvent& event, ExecutableState executed, BootTime now) {
  if (const auto* forked = std::get_if<ProcessForked>(&event.what)) {
    Fork(*forked, now);
  } else if (std::holds_alternative<ProcessExecuted>(event.what)) {
    Execute(event, executed, now);
  } else if (const auto* changed = std::get_if<ProcessChangedUser>(&event.what)) {
    ChangeUser(*changed);
  } else if (const auto* exited = std::get_if<ProcessExited>(&event.what)) {
    if (Program* const program = Living(exited->id)) End(*program, now);
    store_.Trim(now - keep_dead_, nullptr);
  } else {
    last_loss_ = now;
  }
}

void ProcessRecords::Fork(const ProcessForked& forked, BootTime now) {
  if (forked.id.pid == 0) return;  // in another pid namespace
  Program* const known = forked.id.start_time == 0 ? nullptr : Living(forked.id);
  Program child{.id = forked.id, .parent = forked.parent};
  if (Program* const parent = Living(forked.parent)) {
    child.parent = parent->id;
    child.exec_number = parent->exec_number;
    child.executable = parent->executable;
    child.image = parent->image;
    child.args_are_told = parent->args_are_told;
    child.lineage = AsAncestor(store_, *parent);
    store_.Use(*parent);
  }
  child.since = now;
  child.is_forked = true;
  if (known != nullptr) {  // it was seen in /proc first, which knows what became of it
    children_.Remove(known->parent.pid, known->id.pid);
    known->parent = child.parent;
    RememberChild(*known);
    if (child.lineage != nullptr) known->lineage = child.lineage;
    return;
  }
  const Program& begun = Begin(std::move(child), now);
  if (begun.image == nullptr) WantDescription(begun, BootTime{});
}

// What the kernel told, and for the rest what it was before. Null: nothing was told.
ImagePtr ProcessRecords::ImageOf(const ProcessExecuted& executed, ExecutableState state,
                                 Program& program, Program* before) {
  if (executed.path.empty()) return nullptr;
  Process process;
  if (before != nullptr && Inherit(*before) != nullptr) {
    const Process& inherited = before->image->Get();
    process.uid = inherited.uid;
    process.container = inherited.container;
    process.unit = inherited.unit;
    process.working_directory = inherited.working_directory;
  }
  Identify(program, process);
  process.uid = executed.uid.value_or(process.uid);
  process.path = executed.path;
  process.executable = executed.executable;
  process.executable_state = state;
  process.executed_by_descriptor = executed.by_descriptor;
  process.args = executed.args;
  process.comm = CommOf(executed.path);
  process.script = ScriptOf(process.path, process.args, process.working_directory);
  return store_.MakeImage(std::move(process));
}

void ProcessRecords::Execute(const ProcessEvent& event, ExecutableState state, BootTime now) {
  const auto& executed = std::get<ProcessExecuted>(event.what);
  if (executed.id.pid == 0) return;  // in another pid namespace
  Program program{.id = executed.id,
                  .parent = executed.parent,
                  .exec_number = executed.exec_number,
                  .executable = executed.executable};
  program.args_are_told = !executed.args.empty() && !executed.args_are_cut;
  program.since = now;
  if (Program* const before = Living(executed.id)) {
    if (event.time != BootTime{} && event.time < before->looked) {
      // /proc was looked at after this; all that it did not tell is the number.
      if (RunsFile(*before, executed.executable)) before->exec_number = executed.exec_number;
      return;
    }
    program.id = before->id;
    program.parent = before->parent;
    program.lineage = LineageOf(store_, *before);
  }
  program.image = ImageOf(executed, state, program, Living(executed.id));
  WantDescription(Begin(std::move(program), now), event.time);
}

void ProcessRecords::ChangeUser(const ProcessChangedUser& changed) {
  Program* const program = Living(changed.id);
  if (program == nullptr || program->image == nullptr) return;
  Process process = program->image->Get();
  if (process.uid == changed.uid) return;
  process.uid = changed.uid;
  Identify(*program, process);
  program->image = store_.MakeImage(std::move(process));
  ImageChanged(*program);
}

void ProcessRecords::ImageChanged(Program& program) {
  program.described_version = 0;
  if (program.as_ancestor != nullptr) program.as_ancestor->SetPath(RulePath(program.image->Get()));
}

// What nobody knew of the parent when it forked may have become known since. Serials tell which of
// its programs that was. What /proc said of it later may be of its next program, whose exec nobody
// had told of yet: that does for the parent, until it is told of, but not for the child.
const ImagePtr& ProcessRecords::Inherit(Program& program) {
  if (program.image != nullptr || !program.is_forked) return program.image;
  std::vector<Program*> line{&program};
  while (line.back()->image == nullptr && line.back()->is_forked && line.size() <= kMaxLine) {
    const Program& child = *line.back();
    Program* parent = store_.Latest(child.parent.pid);
    while (parent != nullptr && parent->serial > child.serial) parent = parent->older;
    const bool was_alive = parent != nullptr && (!parent->is_past || parent->ended >= child.since);
    if (!was_alive) break;
    line.push_back(parent);
  }
  const Program& eldest = *line.back();
  if (eldest.image == nullptr || !eldest.is_traced) return program.image;
  for (Program* const one : line) {
    one->image = eldest.image;
    one->is_traced = true;
  }
  return program.image;
}

ProcessPtr ProcessRecords::Describe(Program& program) {
  if (Inherit(program) == nullptr) return nullptr;
  if (auto described = ProgramStore::Described(program)) return described;
  const ProcessPtr& known = program.image->Share();
  const bool is_its_own = known->id == program.id && known->parent_pid == program.parent.pid &&
                          known->ancestors.SharesMemoryWith(AncestorsOf(program));
  if (is_its_own) return known;
  Process process = *known;
  Identify(program, process);
  return std::make_shared<const Process>(std::move(process));
}

SharedList<Ancestor> ProcessRecords::AncestorsOf(Program& program) const {
  const LineagePtr lineage = LineageOf(store_, program);
  return lineage == nullptr ? SharedList<Ancestor>() : lineage->Ancestors();
}

void ProcessRecords::Identify(Program& program, Process& process) const {
  process.id = program.id;
  process.parent_pid = program.parent.pid;
  process.ancestors = AncestorsOf(program);
}

void ProcessRecords::Fill(Process process, BootTime looked, BootTime now) {
  Program program{.id = process.id, .parent = {process.parent_pid, 0}};
  program.since = now;
  program.looked = looked;
  Program* const latest = store_.Latest(process.id.pid);
  if (latest != nullptr && latest->id == process.id) {
    const BootTime known_at = latest->is_past ? latest->ended : latest->since;
    if (known_at >= looked) return;
    if (!latest->is_past) {
      latest->confirmed = now;
      latest->looked = looked;
      if (latest->image == nullptr || RunsFile(*latest, process.executable)) {
        TakeWhatProcSays(*latest, std::move(process));
        return;
      }
      program.parent = latest->parent;
      program.lineage = LineageOf(store_, *latest);
    }
  }
  if (program.lineage == nullptr) program.lineage = Lineage::FromAncestors(process.ancestors);
  Identify(program, process);
  program.image = store_.MakeImage(std::move(process));
  Begin(std::move(program), now);
}

std::vector<UndescribedProgram> ProcessRecords::TakeUndescribed(std::size_t most) {
  std::vector<UndescribedProgram> taken;
  while (taken.size() < most && !undescribed_.empty()) {
    UndescribedProgram& next = undescribed_.front();
    if (store_.FindSerial(next.id.pid, next.serial) != nullptr) taken.push_back(std::move(next));
    undescribed_.pop_front();
  }
  return taken;
}

bool ProcessRecords::Complete(const UndescribedProgram& which, Process process) {
  Program* const program = store_.FindSerial(which.id.pid, which.serial);
  if (program == nullptr || program->is_past) return false;
  if (program->id.start_time == 0) program->id.start_time = process.id.start_time;
  if (program->id != process.id) return false;
  const bool is_other = which.executable.IsKnown() && process.executable.IsKnown() &&
                        !MayBeSameFile(which.executable, process.executable);
  if (is_other) return false;
  TakeWhatProcSays(*program, std::move(process));
  return true;
}

void ProcessRecords::TakeWhatProcSays(Program& program, Process process) {
  if (program.lineage == nullptr) program.lineage = Lineage::FromAncestors(process.ancestors);
  if (program.parent.pid == 0) {
    program.parent = {process.parent_pid, 0};
    RememberChild(program);
  }
  Identify(program, process);
  if (program.image == nullptr) {
    program.image = store_.MakeImage(std::move(process));
  } else {
    const Process& told = program.image->Get();
    if (program.args_are_told) process.args = told.args;
    process.executed_by_descriptor = told.executed_by_descriptor;
    if (!process.executable.IsKnown()) process.executable = told.executable;
    process.script = ScriptOf(process.path, process.args, process.working_directory);
    program.image->Set(std::move(process));  // for its children too
  }
  ImageChanged(program);
}

void ProcessRecords::Judge(const UndescribedProgram& which, ExecutableState state) {
  Program* const program = store_.FindSerial(which.id.pid, which.serial);
  if (program == nullptr || program->image == nullptr) return;
  Process process = program->image->Get();
  process.executable_state = state;
  program->image->Set(std::move(process));
  ImageChanged(*program);
}

// Whose user it was, what it ran before tells: without that, the dead stay unknown.
void ProcessRecords::TellExecuted(const UndescribedProgram& which, const std::string& path,
                                  const FileId& executable) {
  Program* const program = store_.FindSerial(which.id.pid, which.serial);
  if (program == nullptr || program->image != nullptr || program->parent.pid == 0) return;
  if (path.empty()) return;
  const auto is_its_own = [&](const Program* one) {
    return one != nullptr && one->parent.pid == program->parent.pid;
  };
  Program* before = program->older;
  while (is_its_own(before) && Inherit(*before) == nullptr) before = before->older;
  if (!is_its_own(before)) return;
  ProcessExecuted executed;
  executed.id = program->id;
  executed.path = path;
  executed.executable = executable;
  program->executable = executable;
  // What else it had before may have changed on the way: a manager of services puts a child into
  // its cgroup before that executes its program.
  Process process = ImageOf(executed, ExecutableState::kSame, *program, before)->Get();
  process.container.clear();
  process.unit.clear();
  process.only_program_is_known = true;
  program->image = store_.MakeImage(std::move(process));
  program->is_traced = true;
  ImageChanged(*program);
}

}  // namespace procwall
