// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What the real kernel says about processes that hide: in user and mount namespaces of their own,
// which touch no mount of this machine.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "attribution/describe.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

namespace fs = std::filesystem;
using State = ExecutableState;

void WriteText(const char* path, const std::string& text) {
  const UniqueFd file(::open(path, O_WRONLY | O_CLOEXEC));
  if (::write(file.UnsafeFd(), text.data(), text.size()) < 0) ::_exit(126);
}

// A child that executes `program` (a copy of cat) in namespaces of its own, after `prepare`.
class HidingChild {
 public:
  HidingChild(const std::string& program, const std::function<void()>& prepare) {
    std::array<int, 2> ends{};
    std::array<int, 2> input{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0 || ::pipe2(input.data(), O_CLOEXEC) != 0) return;
    const UniqueFd done(ends[0]);
    UniqueFd write_done(ends[1]);
    const UniqueFd read_input(input[0]);
    keep_alive_ = UniqueFd(input[1]);
    const uid_t uid = ::geteuid();
    const gid_t gid = ::getegid();
    pid_ = ::fork();
    if (pid_ == 0) {
      if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ::_exit(126);
      WriteText("/proc/self/setgroups", "deny");
      WriteText("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
      WriteText("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
      if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(126);
      prepare();
      ::dup2(read_input.UnsafeFd(), 0);
      ::execl(program.c_str(), "cat", nullptr);
      ::_exit(126);
    }
    write_done.Reset();
    char byte = 0;
    (void)!::read(done.UnsafeFd(), &byte, 1);  // closed by exec
  }
  ~HidingChild() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  HidingChild(const HidingChild&) = delete;
  HidingChild& operator=(const HidingChild&) = delete;

  Process Describe() const {
    const auto handle = Procfs::Open().value().OpenProcess(pid_);
    const auto described = DescribeProcess(**handle);
    EXPECT_TRUE(described) << "no user namespaces here?";
    return described ? described->process : Process{};
  }

 private:
  UniqueFd keep_alive_;
  pid_t pid_ = -1;
};

void Bind(const std::string& from, const std::string& to) {
  if (::mount(from.c_str(), to.c_str(), nullptr, MS_BIND, nullptr) != 0) ::_exit(126);
}

struct HidingProcess : testing::Test {
  HidingProcess() { fs::copy_file("/bin/cat", evil); }

  TemporaryDirectory folder;
  const std::string evil = folder / "evil";
  const std::string victim = fs::canonical("/bin/true");
};

TEST_F(HidingProcess, BindsAFileOverAHostsProgram) {
  const HidingChild child(victim, [&] { Bind(evil, victim); });
  const Process process = child.Describe();
  EXPECT_EQ(process.path, victim);
  EXPECT_EQ(process.executable_state, State::kNamesake);
  EXPECT_EQ(RulePath(process), "mnt-" + std::to_string(process.mount_namespace) + ":" + victim);
}

TEST_F(HidingProcess, DeletesThatFileAfterwards) {
  const HidingChild child(victim, [&] { Bind(evil, victim); });
  fs::remove(evil);
  const Process process = child.Describe();
  EXPECT_EQ(process.path, victim);
  EXPECT_TRUE(process.path_is_deleted);
  EXPECT_EQ(process.executable_state, State::kNamesake);
}

TEST_F(HidingProcess, MountsAnEmptyFolderOverTheHostsPrograms) {
  const std::string bin = fs::path(victim).parent_path();
  const std::string copy = bin + "/copy-of-cat";
  const auto prepare = [&] {
    if (::mount("none", bin.c_str(), "tmpfs", 0, nullptr) != 0) ::_exit(126);
    fs::copy_file(evil, copy);
    fs::copy_file(evil, victim);
  };
  EXPECT_EQ(HidingChild(victim, prepare).Describe().executable_state, State::kNamesake);
  const Process unknown_here = HidingChild(copy, prepare).Describe();
  EXPECT_EQ(unknown_here.executable_state, State::kForeign);
  EXPECT_EQ(RulePath(unknown_here), copy);
}

TEST_F(HidingProcess, ChangesTheRoot) {
  fs::create_directories(folder / "root/usr/bin");
  const HidingChild child("/usr/bin/cat", [&] {
    fs::create_directories(folder / "root/lib");
    for (const char* needed : {"lib", "lib64"}) {
      if (!fs::exists(std::string("/") + needed)) continue;
      fs::create_directories((folder / "root/") + needed);
      if (::mount((std::string("/") + needed).c_str(), ((folder / "root/") + needed).c_str(),
                  nullptr, MS_BIND | MS_REC, nullptr) != 0) {
        ::_exit(126);
      }
    }
    fs::copy_file(evil, folder / "root/usr/bin/cat");
    if (::chroot((folder / "root").c_str()) != 0 || ::chdir("/") != 0) ::_exit(126);
  });
  const Process process = child.Describe();
  EXPECT_EQ(process.path, folder / "root/usr/bin/cat");  // the kernel is not fooled
  EXPECT_EQ(process.executable_state, State::kSame);
}

TEST_F(HidingProcess, ThatExecutesAHostsProgramIsThatProgram) {
  const HidingChild child("/bin/cat", [] {});
  const Process process = child.Describe();
  EXPECT_EQ(process.executable_state, State::kSame);
  EXPECT_EQ(RulePath(process), fs::canonical("/bin/cat").string());
}

}  // namespace
}  // namespace procwall
