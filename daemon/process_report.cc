// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_report.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <memory>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/unique_fd.h"

namespace procwall {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostDescriptors = 512;

std::string Read(int process, const char* file) {
  return ReadFileAt(process, file, kMostReportBytes, OnLarge::kCut).value_or("");
}

std::string LinkText(int process, const char* file) {
  return ReadLinkAt(process, file).value_or("");
}

std::string_view TakeUntil(std::string_view& text, char end) {
  const std::size_t at = text.find(end);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return taken;
}

std::uint64_t NumberOf(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Json Arguments(std::string_view command_line) {
  Json arguments = Json::array();
  while (!command_line.empty()) arguments.push_back(TakeUntil(command_line, '\0'));
  return arguments;
}

Json EnvironmentFields(std::string_view text) {
  Json environment = Json::object();
  while (!text.empty()) {
    std::string_view value = TakeUntil(text, '\0');
    const std::string name(TakeUntil(value, '='));
    if (!name.empty()) environment[name] = value;
  }
  return environment;
}

// "rchar: 123" and so on.
Json IoCounts(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, const char*>, 6> kNames = {
      {{"rchar", "RChar"},
       {"wchar", "WChar"},
       {"syscr", "SyscallRead"},
       {"syscw", "SyscallWrite"},
       {"read_bytes", "ReadBytes"},
       {"write_bytes", "WriteBytes"}}};
  Json counts;
  for (const auto& [ours, theirs] : kNames) counts[theirs] = 0;
  while (!text.empty()) {
    std::string_view number = TakeUntil(text, '\n');
    const std::string_view name = TakeUntil(number, ':');
    for (const auto& [ours, theirs] : kNames) {
      if (name == ours) counts[theirs] = NumberOf(number);
    }
  }
  return counts;
}

// Seven numbers of pages.
Json Memory(std::string_view statm, MemoryUnit unit) {
  const std::uint64_t factor =
      unit == MemoryUnit::kBytes ? static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 1;
  Json memory;
  for (const char* name : {"Size", "Resident", "Shared", "Text", "Lib", "Data", "Dt"}) {
    memory[name] = NumberOf(TakeUntil(statm, ' ')) * factor;
  }
  return memory;
}

Json Descriptors(int process) {
  Json descriptors = Json::array();
  Result<UniqueFd> folder = OpenAt(process, "fd", O_RDONLY | O_DIRECTORY);
  if (!folder) return descriptors;
  const int fd = folder->UnsafeFd();
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd), ::closedir);
  if (stream == nullptr) return descriptors;
  folder->Release();
  while (descriptors.size() < kMostDescriptors) {
    // A stream of our own, used by one thread.
    const dirent* const entry = ::readdir(stream.get());  // NOLINT(concurrency-mt-unsafe)
    if (entry == nullptr) break;
    const char* const name = static_cast<const char*>(entry->d_name);
    if (name[0] == '.') continue;
    struct stat status {};
    ::fstatat(fd, name, &status, 0);
    descriptors.push_back({{"Name", name},
                           {"SymLink", LinkText(fd, name)},
                           {"Size", status.st_size},
                           {"ModTime", std::to_string(status.st_mtime)}});
  }
  return descriptors;
}

std::string JsonLine(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace

tl::expected<std::string, std::string> ProcessReport(const std::string& proc, Pid pid, Uid viewer,
                                                     MemoryUnit unit) {
  const std::string path = fmt::format("{}/{}", proc, pid);
  const auto folder = OpenAt(AT_FDCWD, path.c_str(), O_RDONLY | O_DIRECTORY);
  if (!folder) return tl::unexpected(fmt::format("process {} has ended", pid));
  const int process = folder->UnsafeFd();
  struct stat status {};
  const bool is_private =
      viewer != 0 && (::fstat(process, &status) != 0 || status.st_uid != viewer);
  const auto own = [&](const char* file) {
    return is_private ? std::string() : Read(process, file);
  };
  std::string comm = Read(process, "comm");
  if (comm.ends_with('\n')) comm.pop_back();
  const Json report = {{"Path", LinkText(process, "exe")},
                       {"Comm", comm},
                       {"CWD", LinkText(process, "cwd")},
                       {"Args", Arguments(Read(process, "cmdline"))},
                       {"Env", EnvironmentFields(own("environ"))},
                       {"Status", Read(process, "status")},
                       {"Stat", Read(process, "stat")},
                       {"Stack", own("stack")},
                       {"Maps", own("maps")},
                       {"IOStats", IoCounts(own("io"))},
                       {"Statm", Memory(Read(process, "statm"), unit)},
                       {"Descriptors", is_private ? Json::array() : Descriptors(process)},
                       {"Tree", Json::array()},
                       {"Checksums", Json::object()}};
  return JsonLine(report);
}

std::string NodeReport() {
  struct sysinfo info {};
  ::sysinfo(&info);
  return JsonLine({{"Uptime", info.uptime},
                   {"Loads", {info.loads[0], info.loads[1], info.loads[2]}},
                   {"Totalram", info.totalram},
                   {"Freeram", info.freeram},
                   {"Sharedram", info.sharedram},
                   {"Bufferram", info.bufferram},
                   {"Totalswap", info.totalswap},
                   {"Freeswap", info.freeswap},
                   {"Procs", info.procs},
                   {"Totalhigh", info.totalhigh},
                   {"Freehigh", info.freehigh},
                   {"Unit", info.mem_unit}});
}

}  // namespace procwall
