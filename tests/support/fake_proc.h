// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "attribution/procfs.h"

namespace procwall {

// A process of a FakeProc.
struct FakeProcess {
  Pid pid = 0;
  Pid parent = 1;
  Uid uid = 1000;
  std::string exe = "/usr/bin/curl";  // empty: a kernel thread
  std::vector<std::string> args = {"curl"};
  std::string comm = "curl";
  std::string cwd = "/home/user";
  std::uint64_t start_time = 5000;
  std::uint64_t start_stack = 0x7ffd0000;  // another one: another program was executed
  char state = 'S';
  bool is_leaving = false;  // has let go of its program, and is no zombie yet
  std::string cgroup = "0::/\n";
  std::vector<std::string> environment = {};
};

// A folder that looks like /proc, in a temporary directory that dies with it.
class FakeProc {
 public:
  FakeProc() {
    // In memory if possible: it is many small files.
    const std::filesystem::path shared_memory = "/dev/shm";
    const auto parent = std::filesystem::is_directory(shared_memory)
                            ? shared_memory
                            : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "procwall-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    root_ = pattern;
  }
  ~FakeProc() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  FakeProc(const FakeProc&) = delete;
  FakeProc& operator=(const FakeProc&) = delete;

  Procfs Open() const { return Procfs::Open(root_.c_str()).value(); }
  std::filesystem::path PathOf(Pid pid) const { return root_ / std::to_string(pid); }

  // Adds the process, or executes another program in it.
  void Put(const FakeProcess& process) {
    const std::filesystem::path folder = PathOf(process.pid);
    const std::filesystem::path task = folder / "task" / std::to_string(process.pid);
    std::filesystem::create_directories(folder / "fd");
    std::filesystem::create_directories(task);
    const std::string stat = StatText(process);
    Write(folder / "stat", stat);
    Write(task / "stat", stat);
    Write(folder / "status", fmt::format("Name:\tx\nTgid:\t{0}\nUid:\t{1}\t{1}\t{1}\t{1}\n",
                                         process.pid, process.uid));
    Write(folder / "cmdline", EachWithNul(process.args));
    Write(folder / "environ", EachWithNul(process.environment));
    Write(folder / "cgroup", process.cgroup);
    Link(folder / "exe", process.exe);
    Link(folder / "cwd", process.cwd);
  }
  // A thread: it opens by its number as a process does, and shows the descriptors of its process.
  // (The kernel does not list it; this folder does.)
  void PutThread(Pid pid, Pid leader) {
    std::filesystem::create_directories(PathOf(pid));
    Write(PathOf(pid) / "status", fmt::format("Name:\tx\nTgid:\t{}\n", leader));
    Link(PathOf(pid) / "fd", (PathOf(leader) / "fd").string());
  }
  // What /proc/loadavg says. Without it, nobody knows.
  void PutLastPid(Pid pid) { Write(root_ / "loadavg", fmt::format("0.1 0.2 0.3 1/9 {}\n", pid)); }
  void PutSocket(Pid pid, int fd, Inode inode) {
    PutDescriptor(pid, fd, fmt::format("socket:[{}]", inode));
  }
  void PutDescriptor(Pid pid, int fd, const std::string& target) {
    Link(PathOf(pid) / "fd" / std::to_string(fd), target);
  }
  void PutNetworkNamespace(Pid pid, std::uint64_t inode) {
    std::filesystem::create_directories(PathOf(pid) / "ns");
    Link(PathOf(pid) / "ns" / "net", fmt::format("net:[{}]", inode));
  }
  // The text of /proc/PID/fdinfo/FD.
  void PutDescriptorFlags(Pid pid, int fd, const std::string& text) {
    std::filesystem::create_directories(PathOf(pid) / "fdinfo");
    Write(PathOf(pid) / "fdinfo" / std::to_string(fd), text);
  }
  void CloseDescriptor(Pid pid, int fd) {
    std::filesystem::remove(PathOf(pid) / "fd" / std::to_string(fd));
  }
  void Kill(Pid pid) {
    // An open stat of a dead process reads as an error; this is the nearest that a file can do.
    Write(PathOf(pid) / "task" / std::to_string(pid) / "stat", "");
    std::filesystem::remove_all(PathOf(pid));
  }

  static std::string StatText(const FakeProcess& process) {
    std::string text =
        fmt::format("{} ({}) {} {}", process.pid, process.comm, process.state, process.parent);
    for (int field = 5; field <= 52; ++field) {
      constexpr std::uint64_t kKernelThread = 0x00200000;
      const std::uint64_t value =
          field == 9    ? (process.exe.empty() && !process.is_leaving ? kKernelThread : 0)
          : field == 22 ? process.start_time
          : field == 28 ? process.start_stack
                        : static_cast<std::uint64_t>(field);
      text += fmt::format(" {}", value);
    }
    return text + '\n';
  }

 private:
  static std::string EachWithNul(const std::vector<std::string>& texts) {
    std::string joined;
    for (const std::string& text : texts) joined += text + '\0';
    return joined;
  }
  static void Write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  }
  static void Link(const std::filesystem::path& path, const std::string& target) {
    std::filesystem::remove(path);
    if (!target.empty()) std::filesystem::create_symlink(target, path);
  }

  std::filesystem::path root_;
};

}  // namespace procwall
