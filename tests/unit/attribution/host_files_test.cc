// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/host_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

namespace fs = std::filesystem;
using What = HostFile::What;

// A /proc with a process 1, whose root is a folder of the test.
struct HostFilesTest : testing::Test {
  void SetUp() override {
    fs::create_directories(Proc() / "1");
    fs::create_directories(Root() / "usr/bin");
    fs::create_symlink(Root(), Proc() / "1/root");
    PutMounts("");
    Touch("usr/bin/curl");
    fs::create_symlink("usr/bin", Root() / "bin");
  }
  fs::path Proc() const { return folder.Path() / "proc"; }
  fs::path Root() const { return folder.Path() / "root"; }
  void Touch(const std::string& name) const { std::ofstream(Root() / name) << "x"; }
  // What is mounted beside the root.
  void PutMounts(const std::string& lines) const {
    std::ofstream(Proc() / "1/mountinfo") << "22 1 254:1 / / rw - ext4 /dev/vda1 rw\n" + lines;
  }
  HostFile LookUp(const std::string& path) const {
    const UniqueFd proc = OpenAt(AT_FDCWD, Proc().c_str(), O_PATH | O_DIRECTORY).value();
    return HostFiles::Open(proc.UnsafeFd()).value().LookUp(path);
  }
  FileId IdOf(const std::string& name) const {
    struct stat status {};
    ::stat((Root() / name).c_str(), &status);
    return {status.st_dev, status.st_ino};
  }

  TemporaryDirectory folder;
};

TEST_F(HostFilesTest, FindsAFileBelowTheRootOfProcess1) {
  const HostFile found = LookUp("/usr/bin/curl");
  EXPECT_EQ(found.what, What::kFile);
  EXPECT_EQ(found.facts.file, IdOf("usr/bin/curl"));
}

TEST_F(HostFilesTest, TellsWhereThePathEnds) {
  const HostFile found = LookUp("/usr/share/x/y");
  EXPECT_EQ(found.what, What::kNothing);
  EXPECT_EQ(found.facts.file, IdOf("usr"));
  EXPECT_EQ(LookUp("/usr/bin/curl/x").what, What::kNothing);
}

TEST_F(HostFilesTest, FollowsLinksWithinThatRoot) {
  fs::create_symlink("/usr/bin/../bin/curl", Root() / "absolute");
  fs::create_symlink("../../../../bin/curl", Root() / "usr/outside");
  EXPECT_EQ(LookUp("/bin/curl").facts.file, IdOf("usr/bin/curl"));
  EXPECT_EQ(LookUp("/absolute").facts.file, IdOf("usr/bin/curl"));
  EXPECT_EQ(LookUp("/usr/outside").facts.file, IdOf("usr/bin/curl"));
  EXPECT_EQ(LookUp("/bin/wget").what, What::kNothing);
  EXPECT_EQ(LookUp("/bin/wget").facts.file, IdOf("usr/bin"));
}

TEST_F(HostFilesTest, EndsInACircleOfLinks) {
  fs::create_symlink("b", Root() / "a");
  fs::create_symlink("a", Root() / "b");
  EXPECT_EQ(LookUp("/a/x").what, What::kCannotTell);
}

TEST_F(HostFilesTest, DoesNotEnterAMountThatMayBlock) {
  PutMounts("36 22 0:48 / /net rw - autofs systemd-1 rw\n");
  EXPECT_EQ(LookUp("/net/dead-host/x").what, What::kCannotTell);
  EXPECT_EQ(LookUp("/net").what, What::kCannotTell);
  EXPECT_EQ(LookUp("/nets").what, What::kNothing);
}

TEST_F(HostFilesTest, ReadsTheMountsAnewWhenItIsToldTo) {
  PutMounts("36 22 0:48 / /net rw - autofs systemd-1 rw\n");
  const UniqueFd proc = OpenAt(AT_FDCWD, Proc().c_str(), O_PATH | O_DIRECTORY).value();
  HostFiles files = HostFiles::Open(proc.UnsafeFd()).value();
  EXPECT_EQ(files.LookUp("/net/x").what, What::kCannotTell);
  PutMounts("");
  EXPECT_EQ(files.LookUp("/net/x").what, What::kCannotTell);
  files.ForgetMounts();
  EXPECT_EQ(files.LookUp("/net/x").what, What::kNothing);
}

TEST_F(HostFilesTest, DoesNotFollowALinkIntoAMountThatMayBlock) {
  PutMounts("36 22 0:48 / /net rw - autofs systemd-1 rw\n");
  fs::create_symlink("/net/dead-host", Root() / "usr/trap");
  EXPECT_EQ(LookUp("/usr/trap/x").what, What::kCannotTell);
}

TEST_F(HostFilesTest, CannotTellMuchWithoutAListOfMounts) {
  fs::remove(Proc() / "1/mountinfo");
  EXPECT_EQ(LookUp("/usr/bin/nothing").what, What::kCannotTell);
}

TEST(HostFiles, OfThisMachineHasMountsAndAnOwner) {
  const UniqueFd proc = OpenAt(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY).value();
  HostFiles files = HostFiles::Open(proc.UnsafeFd()).value();
  const HostFile root = files.LookUp("/");
  EXPECT_EQ(root.what, What::kFile);
  EXPECT_TRUE(root.facts.is_directory);
  EXPECT_NE(FindMount(files.Mounts(), root.facts.mount), nullptr);
}

}  // namespace
}  // namespace procwall
