// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/packages.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

struct PackagesTest : testing::Test {
  // As dpkg does it: aside, then into its place.
  void Install(const std::string& package, const std::string& paths) const {
    std::ofstream(folder / "new") << paths;
    std::filesystem::rename(folder / "new", folder / (package + ".list"));
  }
  std::optional<std::string> Of(const std::string& path,
                                ExecutableState state = ExecutableState::kSame) {
    Process process;
    process.path = path;
    process.executable_state = state;
    return packages.Of(process);
  }

  TemporaryDirectory folder;
  Packages packages{folder.Path().string()};
};

TEST_F(PackagesTest, NamesThePackageOfAFile) {
  Install("curl", "/.\n/usr/bin\n/usr/bin/curl\n");
  Install("libc6:amd64", "/usr/lib/ld.so\n");
  EXPECT_EQ(Of("/usr/bin/curl"), "curl");
  EXPECT_EQ(Of("/usr/lib/ld.so"), "libc6");
}

TEST_F(PackagesTest, AFileOfNoPackageHasNone) {
  Install("curl", "/usr/bin/curl\n");
  EXPECT_EQ(Of("/usr/bin/cur"), "");
  EXPECT_EQ(Of("/home/ada/curl"), "");
}

TEST_F(PackagesTest, SeesBinInUsrBin) {
  Install("coreutils", "/bin/ls\n");
  EXPECT_EQ(Of("/usr/bin/ls"), "coreutils");
}

TEST_F(PackagesTest, AProgramThatOnlyBearsTheNameIsNotThePackages) {
  Install("curl", "/usr/bin/curl\n");
  EXPECT_EQ(Of("/usr/bin/curl", ExecutableState::kNamesake), std::nullopt);
  EXPECT_EQ(Of("/usr/bin/curl", ExecutableState::kReplaced), "curl");
}

TEST_F(PackagesTest, WithoutDpkgNothingIsKnown) {
  std::filesystem::remove_all(folder.Path());
  EXPECT_EQ(Of("/usr/bin/curl"), std::nullopt);
}

TEST_F(PackagesTest, SeesWhatIsInstalledAndRemoved) {
  Install("curl", "/usr/bin/curl\n");
  EXPECT_EQ(Of("/usr/bin/wget"), "");
  Install("wget", "/usr/bin/wget\n");
  std::filesystem::remove(folder / "curl.list");
  std::filesystem::last_write_time(
      folder.Path(), std::filesystem::file_time_type::clock::now() + std::chrono::seconds(1));
  EXPECT_EQ(Of("/usr/bin/wget"), "wget");
  EXPECT_EQ(Of("/usr/bin/curl"), "");
}

}  // namespace
}  // namespace procwall
