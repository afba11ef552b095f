// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/running_program.h"

#include <fcntl.h>

#include <utility>

#include "attribution/host_files.h"
#include "base/file.h"

namespace procwall {
namespace {

constexpr Error kOtherProgram{Errc::kGone, 0, "look at program"};

bool IsThatFile(const FileId& described, const FileId& file) {
  // The description may have the kernel's numbers.
  return described.IsKnown() && (described == file || MayBeSameFile(described, file));
}

Status RefuseIfItMayWait(const ProcessHandle& process, const FileFacts& file) {
  auto files =
      HostFiles::OpenOf(PROCWALL_TRY(OpenAt(process.UnsafeFd(), ".", O_PATH | O_DIRECTORY)));
  if (!files) return files.error();
  const Mount* const mount = FindMount(files->Mounts(), file.mount);
  if (mount == nullptr || MayBlock({*mount}, mount->point)) {
    return Error{Errc::kUnsupported, 0, "read executable of a file system that may wait"};
  }
  return {};
}

}  // namespace

Result<ProcessHandlePtr> OpenRunning(const Procfs& procfs, const Process& described) {
  ProcessHandlePtr process = PROCWALL_TRY(procfs.OpenProcess(described.id.pid));
  const ExecStamp stamp = PROCWALL_TRY(process->Stamp());
  if (described.id.start_time != 0 && stamp.start_time != described.id.start_time) {
    return kOtherProgram;
  }
  if (!described.executable.IsKnown()) return process;  // nobody told; the start time must do
  const FileFacts file = PROCWALL_TRY(ReadFileFacts(process->UnsafeFd(), "exe"));
  if (!IsThatFile(described.executable, file.file)) return kOtherProgram;
  return process;
}

Result<UniqueFd> OpenExecutable(const ProcessHandle& process, const Process& described) {
  const FileFacts before = PROCWALL_TRY(ReadFileFacts(process.UnsafeFd(), "exe"));
  if (!IsThatFile(described.executable, before.file)) return kOtherProgram;
  PROCWALL_TRY_STATUS(RefuseIfItMayWait(process, before));
  UniqueFd file = PROCWALL_TRY(OpenAt(process.UnsafeFd(), "exe", O_RDONLY | O_NONBLOCK | O_NOCTTY));
  const FileFacts opened = PROCWALL_TRY(ReadFileFacts(file.UnsafeFd(), ""));
  if (opened.file != before.file) return kOtherProgram;  // another exec, meanwhile
  return file;
}

Result<Environment> ReadEnvironment(const ProcessHandle& process,
                                    const std::set<std::string>& names) {
  const std::string text =
      PROCWALL_TRY(ReadFileAt(process.UnsafeFd(), "environ", kMaxEnvironmentBytes, OnLarge::kCut));
  return PickVariables(text, names, text.size() < kMaxEnvironmentBytes);
}

}  // namespace procwall
