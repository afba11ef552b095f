// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_watcher.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>
#include <variant>

#include "attribution/describe.h"
#include "attribution/executable.h"
#include "base/prompt_thread.h"
#include "daemon/packet_path.h"
#include "daemon/process_note_event.h"

namespace procwall {
namespace {

constexpr std::size_t kDescribedAtOnce = 32;  // so that nobody waits long for work_
// Forks and exits may wait in the source that long before they are looked at.
constexpr std::chrono::milliseconds kIdle{200};
// Some 20 us for each program that has used the network.
constexpr std::chrono::seconds kFilesEvery{5};
constexpr std::chrono::seconds kHostEvery{1};

// Is what the kernel told of an exec what this host means by that path?
ExecutableState Verify(const std::string& path, const FileId& executable, HostFiles* host,
                       ExecutedBy by) {
  return host != nullptr ? VerifyExecuted(path, executable, *host, by)
                         : ExecutableState::kUnverified;
}

}  // namespace

tl::expected<std::unique_ptr<ProcessWatcher>, std::string> ProcessWatcher::Start(
    ProcessEventSource* source, ProcessTable& table, Procfs procfs, const Clock& clock,
    ProcessLog* log, ProgramTrace* programs) {
  auto stop = Wakeup::Create();
  if (!stop) return tl::unexpected(stop.error().ToString());
  return std::unique_ptr<ProcessWatcher>(
      new ProcessWatcher(source, table, std::move(procfs), clock, log, programs, *std::move(stop)));
}

ProcessWatcher::ProcessWatcher(ProcessEventSource* source, ProcessTable& table, Procfs procfs,
                               const Clock& clock, ProcessLog* log, ProgramTrace* programs,
                               Wakeup stop)
    : source_(source),
      table_(table),
      procfs_(std::move(procfs)),
      clock_(clock),
      log_(log),
      execs_(clock.Now()),
      births_(clock.Now()),
      ends_(clock.Now()),
      programs_(programs ? std::optional<ProgramHistory>(std::in_place, *programs, clock)
                         : std::nullopt),
      stop_(std::move(stop)),
      thread_([this] { Run(); }) {}

ProcessWatcher::~ProcessWatcher() {
  stopping_.store(true);
  stop_.Wake();
  thread_.join();
}

ProcessPtr ProcessWatcher::Find(const ProgramOfProcess& wanted) const {
  ProcessPtr process = table_.Find(wanted);
  return process && process->executable_state == ExecutableState::kUnverified ? nullptr : process;
}

ProcessPtr ProcessWatcher::Resolve(const ProgramOfProcess& wanted) {
  if (ProcessPtr known = Find(wanted)) return known;
  CatchUp();
  if (ProcessPtr known = Find(wanted)) return known;
  const std::lock_guard held(work_);
  LookAt(wanted.id.pid, clock_.Now());
  return Find(wanted);
}

bool ProcessWatcher::MayHaveExecutedSince(Pid pid, BootTime since) {
  if (source_ == nullptr) return false;
  const std::lock_guard held(work_);
  ApplyNews();
  return execs_.MayHaveExecutedSince(pid, since);
}

bool ProcessWatcher::MayHaveBeenMadeSince(Pid pid, BootTime since) {
  if (source_ == nullptr) return false;
  const std::lock_guard held(work_);
  ApplyNews();
  return births_.MayHaveExecutedSince(pid, since);
}

std::optional<std::vector<Pid>> ProcessWatcher::OtherKin(const Process& holder, Kinship kinship) {
  if (source_ == nullptr) return std::vector<Pid>{};
  const std::lock_guard held(work_);
  ApplyNews();
  return table_.OtherKin(holder, kinship);
}

bool ProcessWatcher::HasOtherDescendants(const Process& holder) const {
  return source_ != nullptr && table_.HasOtherDescendants(holder);
}

bool ProcessWatcher::MayKinHaveEndedSince(const Process& holder, Kinship kinship, BootTime since) {
  if (source_ == nullptr) return false;
  const std::lock_guard held(work_);
  ApplyNews();
  // The table knows who made it, dead or not. A process that has executed nothing runs what its
  // parent ran, whatever that is called.
  const ProcessPtr known = table_.Sketch(holder.id);
  if (known && !table_.HasExecuted(holder.id)) kinship = Kinship::kDescendants;
  if (!known || known->ancestors.empty()) {
    return ends_.MayKinHaveEndedSince(holder, kinship, since);
  }
  Process kin = holder;
  kin.parent_pid = known->parent_pid;
  kin.ancestors = known->ancestors;
  return ends_.MayKinHaveEndedSince(kin, kinship, since);
}

void ProcessWatcher::Run() {
  BeginPromptThread("process");
  while (!stopping_.load()) {
    LookAtAll();
    ApplyNewsAndPrepare();
    DescribeLater(clock_.Now());
    LookAtFiles(clock_.Now());
    std::array<pollfd, 2> fds{
        {{stop_.UnsafeFd(), POLLIN, 0}, {source_ ? source_->UnsafeEventFd() : -1, POLLIN, 0}}};
    const int timeout = source_ ? static_cast<int>(kIdle.count()) : -1;
    if (::poll(fds.data(), fds.size(), timeout) < 0 && errno != EINTR) return;
  }
}

// Who was executed may send soon. While it begins, on a processor of its own, the packet thread
// sleeps, and where there are few processors it will wake on this one.
void ProcessWatcher::ApplyNewsAndPrepare() {
  const std::lock_guard held(work_);
  if (ApplyNews() == News::kExecuted) FetchPacketPath();
}

// At the start, and when news were lost.
void ProcessWatcher::LookAtAll() {
  {
    const std::lock_guard held(work_);
    if (!std::exchange(must_look_, false)) return;
  }
  const BootTime looked = clock_.Now();
  const auto pids = procfs_.Pids();
  if (!pids) {  // out of descriptors, say: again at the next opportunity
    const std::lock_guard held(work_);
    must_look_ = true;
    return;
  }
  std::size_t count = 0;
  for (const Pid pid : *pids) {
    if (stopping_.load()) return;
    const std::lock_guard held(work_);
    LookAt(pid, looked);
    if (++count % kDescribedAtOnce == 0) ApplyNews();
  }
  const std::lock_guard held(work_);
  table_.EndFill(looked);
}

void ProcessWatcher::LookAt(Pid pid, BootTime looked) {
  HostFiles* const host = Host();
  const auto handle = procfs_.OpenProcess(pid);
  if (!handle || host == nullptr) return;
  auto description = DescribeProcess(**handle, *host);
  if (description) table_.Fill(std::move(description->process), looked);
}

void ProcessWatcher::CatchUp() {
  const std::lock_guard held(work_);
  ApplyNews();
  while (!stopping_.load() && table_.Count().undescribed > 0) DescribeSome();
}

void ProcessWatcher::DescribeLater(BootTime now) {
  if (now - described_ < kIdle) return;
  described_ = now;
  while (!stopping_.load() && table_.Count().undescribed > 0) {
    const std::lock_guard held(work_);
    DescribeSome();
  }
}

void ProcessWatcher::LookAtFiles(BootTime now) {
  if (now - files_looked_ < kFilesEvery) return;
  files_looked_ = now;
  auto host = HostFiles::Open(procfs_.UnsafeFd());
  if (!host) return;
  for (const ProcessId& id : table_.Used()) {
    if (stopping_.load()) return;
    const auto handle = procfs_.OpenProcess(id.pid);
    if (!handle) continue;
    // Of the process that was opened, whoever has the number by now: the file is compared, too.
    if (const auto executable = ReadExecutable((*handle)->UnsafeFd(), *host)) {
      table_.TakeFile(id, *executable);
    }
  }
}

// To open it for each program that is executed would cost more than all the rest. Its root changes
// hardly ever, as when the system starts its userspace anew with another one.
HostFiles* ProcessWatcher::Host() {
  const BootTime now = clock_.Now();
  if (!host_ || now - host_opened_ >= kHostEvery) {
    host_.reset();
    if (auto opened = HostFiles::Open(procfs_.UnsafeFd())) host_ = *std::move(opened);
    host_opened_ = now;
  }
  if (!host_) return nullptr;
  host_->ForgetMounts();
  return &*host_;
}

ProcessWatcher::News ProcessWatcher::ApplyNews() {
  if (source_ == nullptr) return News::kOther;
  News news = News::kOther;
  HostFiles* const host = Host();
  source_->DrainEvents([&](const ProcessEvent& event) {
    auto state = ExecutableState::kUnverified;
    if (const auto* const executed = std::get_if<ProcessExecuted>(&event.what)) {
      if (!executed->path.empty()) {
        state = Verify(executed->path, executed->executable, host, ExecutedBy::kTheLiving);
      }
      execs_.Note(executed->id.pid, event.time);
      news = News::kExecuted;
    } else if (const auto* const forked = std::get_if<ProcessForked>(&event.what)) {
      births_.Note(forked->id.pid, event.time);
    } else if (const auto* const exited = std::get_if<ProcessExited>(&event.what)) {
      ends_.Note(exited->id.pid, table_.Sketch(exited->id).get(), event.time);
    } else if (std::holds_alternative<ProcessEventsLost>(event.what)) {
      must_look_ = true;
      execs_.ForgetBefore(clock_.Now());
      births_.ForgetBefore(clock_.Now());
      ends_.ForgetBefore(clock_.Now());
    }
    table_.Apply(event, state);
    if (log_ != nullptr && log_->IsListening()) Note(event);
  });
  return news;
}

// For whoever watches processes. What no event told, /proc does, while the process lives.
void ProcessWatcher::Note(const ProcessEvent& event) {
  ProcessNote note = NoteOf(event, clock_);
  const ProgramOfProcess latest{.id = note.id};
  if (note.id.pid != 0) note.process = table_.Find(latest);
  const bool may_live = note.what != ProcessNote::What::kExited;
  if (note.id.pid != 0 && !note.process && may_live) {
    LookAt(note.id.pid, clock_.Now());
    note.process = table_.Find(latest);
  }
  if (note.what == ProcessNote::What::kExited) note.lifetime = LifetimeOf(note, event.time);
  log_->Append(std::move(note));
}

void ProcessWatcher::DescribeSome() {
  HostFiles* const host = Host();
  std::vector<UndescribedProgram> untold;
  for (UndescribedProgram& program : table_.TakeUndescribed(kDescribedAtOnce)) {
    if (Complete(program, host)) continue;
    if (program.path.empty()) {
      untold.push_back(std::move(program));
    } else {
      table_.Judge(program, Verify(program.path, program.executable, host, ExecutedBy::kTheDead));
    }
  }
  NameTheDead(untold, host);
}

// By what /proc tells, if it lives and can be looked at.
bool ProcessWatcher::Complete(const UndescribedProgram& program, HostFiles* host) {
  const auto handle = procfs_.OpenProcess(program.id.pid);
  if (!handle || host == nullptr) return false;
  auto description = DescribeProcess(**handle, *host, {.ancestors = false});
  return description && table_.Complete(program, std::move(description->process));
}

// Only where the file that was executed is what its path leads to on this host: the trace has the
// path as the process saw it.
void ProcessWatcher::NameTheDead(const std::vector<UndescribedProgram>& dead, HostFiles* host) {
  if (!programs_) return;
  for (const UndescribedProgram& program : dead) {
    if (program.executed == BootTime{}) continue;
    const TracedProgram* const found = programs_->Find(program.id.pid, program.executed);
    if (found == nullptr) continue;
    const auto state = Verify(found->path, found->executable, host, ExecutedBy::kTheDead);
    if (state != ExecutableState::kSame) continue;
    table_.TellExecuted(program, found->path, found->executable);
  }
}

}  // namespace procwall
