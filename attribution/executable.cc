// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/executable.h"

#include <fcntl.h>

#include <string_view>
#include <utility>

#include "attribution/decimal.h"
#include "attribution/proc_text.h"
#include "base/file.h"

namespace procwall {
namespace {

// The file may lose its name between two looks, once or twice.
constexpr int kMaxAttempts = 3;

constexpr std::string_view kMemoryPrefix = "/memfd:";

bool IsIn(const FileId& file, const HostFile& here) {
  return here.what == HostFile::What::kFile && file.IsKnown() && here.facts.file == file;
}

// "mnt:[4026531841]"
std::uint64_t ReadMountNamespace(int process_fd) {
  constexpr std::string_view kPrefix = "mnt:[";
  const auto link = ReadLinkAt(process_fd, "ns/mnt");
  if (!link || !link->starts_with(kPrefix) || !link->ends_with(']')) return 0;
  std::string_view number = *link;
  number.remove_prefix(kPrefix.size());
  number.remove_suffix(1);
  return ParseDecimal<std::uint64_t>(number).value_or(0);
}

bool IsTrustedMount(int process_fd, std::uint64_t mount, const HostFiles& host) {
  auto directory = OpenAt(process_fd, ".", O_PATH | O_DIRECTORY);
  if (!directory) return false;
  auto files = HostFiles::OpenOf(*std::move(directory));
  if (!files) return false;
  const auto owner = files->OwnerOfMounts();
  const auto hosts_owner = host.OwnerOfMounts();
  if (!owner || !hosts_owner || *owner != *hosts_owner) return false;
  return FindMount(files->Mounts(), mount) != nullptr;
}

// Whether equal numbers are of one file. What stat(2) tells of a device may be the file system's
// own invention; the mounts tell what the kernel has.
bool IsProof(const FileId& kernels, const HostFile& here, HostFiles& host) {
  if (kernels.device == here.facts.file.device) return true;
  const Mount* const mount = FindMount(host.Mounts(), here.facts.mount);
  return mount != nullptr && mount->device == kernels.device && mount->type != "btrfs";
}

ExecutableState FindState(int process_fd, const Executable& executable, const FileFacts& file,
                          HostFiles& host) {
  ExecutableFacts facts{.deleted = executable.deleted, .file = file, .here = {}};
  if (executable.deleted && executable.path.starts_with(kMemoryPrefix)) {
    return ExecutableState::kMemory;
  }
  if (executable.path.starts_with('/')) facts.here = host.LookUp(executable.path);
  if (!IsIn(file.file, facts.here) && file.mount != 0) {
    facts.mount_is_here =
        file.mount == facts.here.facts.mount || FindMount(host.Mounts(), file.mount) != nullptr;
    facts.mount_is_trusted = facts.mount_is_here || IsTrustedMount(process_fd, file.mount, host);
  }
  return JudgeExecutable(facts);
}

}  // namespace

ExecutableState JudgeExecutable(const ExecutableFacts& facts) {
  using What = HostFile::What;
  const FileFacts& here = facts.here.facts;
  if (IsIn(facts.file.file, facts.here)) return ExecutableState::kSame;
  const bool same_device = facts.file.file.IsKnown() && facts.file.file.device == here.file.device;
  const bool believed = facts.mount_is_here || (facts.mount_is_trusted && same_device);
  if (facts.deleted && believed) {
    if (facts.here.what == What::kFile) return ExecutableState::kReplaced;
    if (facts.here.what == What::kNothing) return ExecutableState::kDeleted;
    return ExecutableState::kUnknown;
  }
  const bool looked = facts.file.file.IsKnown() && facts.here.what != What::kCannotTell;
  if (!looked && facts.mount_is_here) return ExecutableState::kUnknown;
  if (facts.here.what == What::kNothing) return ExecutableState::kForeign;
  return ExecutableState::kNamesake;
}

Result<Executable> ReadExecutable(int process_fd, HostFiles& host) {
  Executable executable;
  auto link = ReadLinkAt(process_fd, "exe");
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (!link) {
      if (link.error().code == Errc::kNotFound) return Executable{};
      return link.error();
    }
    const FileFacts file = ReadFileFacts(process_fd, "exe").value_or(FileFacts{});
    const ExeTarget target = ParseExeTarget(*link);
    executable = {.path = std::string(target.path), .deleted = target.deleted, .file = file.file};
    if (target.deleted && link->starts_with('/') && IsIn(file.file, host.LookUp(*link))) {
      executable = {.path = *link, .file = file.file};  // a file of that very name
    }
    executable.state = FindState(process_fd, executable, file, host);
    auto link_now = ReadLinkAt(process_fd, "exe");
    const bool unchanged = link_now && *link_now == *link;
    if (unchanged) break;
    link = std::move(link_now);
  }
  if (executable.state == ExecutableState::kForeign ||
      executable.state == ExecutableState::kNamesake) {
    executable.mount_namespace = ReadMountNamespace(process_fd);
  }
  return executable;
}

ExecutableState VerifyExecuted(const std::string& path, const FileId& kernels, HostFiles& host,
                               ExecutedBy executed_by) {
  if (!path.starts_with('/') || !kernels.IsKnown()) return ExecutableState::kUnverified;
  const HostFile here = host.LookUp(path);
  const bool may_be_it =
      here.what == HostFile::What::kFile && MayBeSameFile(kernels, here.facts.file);
  if (may_be_it && IsProof(kernels, here, host)) return ExecutableState::kSame;
  if (may_be_it || executed_by == ExecutedBy::kTheLiving) return ExecutableState::kUnverified;
  return here.what == HostFile::What::kNothing ? ExecutableState::kForeign
                                               : ExecutableState::kNamesake;
}

}  // namespace procwall
