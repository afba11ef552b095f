// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_report.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

constexpr Uid kSomeoneElse = 4242;

class ProcessReportTest : public testing::Test {
 protected:
  ProcessReportTest() {
    std::filesystem::create_directories(directory_ / "7/fd");
    std::filesystem::create_symlink("/usr/bin/curl", directory_ / "7/exe");
    std::filesystem::create_symlink("/dev/null", directory_ / "7/fd/3");
    Write("comm", "curl\n");
    Write("cmdline", std::string("curl\0-v\0", 8));
    Write("environ", std::string("A=b=c\0SECRET=x\0", 15));
    Write("statm", "100 50 20 5 0 40 0\n");
    Write("io", "rchar: 11\nwrite_bytes: 22\n");
    Write("maps", "1000-2000\n");
  }
  void Write(const std::string& file, const std::string& text) const {
    std::ofstream(directory_ / ("7/" + file)) << text;
  }
  nlohmann::json Report(Uid viewer, MemoryUnit unit = MemoryUnit::kPages) const {
    return nlohmann::json::parse(ProcessReport(directory_.Path(), 7, viewer, unit).value_or("{}"));
  }

  TemporaryDirectory directory_;
};

TEST_F(ProcessReportTest, ShowsOnesOwnProcessWhole) {
  const auto report = Report(::getuid());
  EXPECT_EQ(report["Path"], "/usr/bin/curl");
  EXPECT_EQ(report["Comm"], "curl");
  EXPECT_EQ(report["Args"], (nlohmann::json{"curl", "-v"}));
  EXPECT_EQ(report["Env"], (nlohmann::json{{"A", "b=c"}, {"SECRET", "x"}}));
  EXPECT_EQ(report["Statm"]["Resident"], 50);
  EXPECT_EQ(report["IOStats"]["RChar"], 11);
  EXPECT_EQ(report["IOStats"]["WriteBytes"], 22);
  EXPECT_EQ(report["Maps"], "1000-2000\n");
  ASSERT_EQ(report["Descriptors"].size(), 1U);
  EXPECT_EQ(report["Descriptors"][0]["SymLink"], "/dev/null");
}

TEST_F(ProcessReportTest, CountsMemoryInBytesWhereTheyAreWanted) {
  const auto memory = Report(::getuid(), MemoryUnit::kBytes)["Statm"];
  const auto page = ::sysconf(_SC_PAGESIZE);
  EXPECT_EQ(memory["Size"], 100 * page);
  EXPECT_EQ(memory["Resident"], 50 * page);
  EXPECT_EQ(memory["Dt"], 0);
}

TEST_F(ProcessReportTest, KeepsOthersSecrets) {
  const auto report = Report(kSomeoneElse);
  EXPECT_EQ(report["Path"], "/usr/bin/curl");
  EXPECT_TRUE(report["Env"].empty());
  EXPECT_TRUE(report["Descriptors"].empty());
  EXPECT_EQ(report["Maps"], "");
}

TEST_F(ProcessReportTest, CutsWhatIsHuge) {
  Write("maps", std::string(10 * kMostReportBytes, 'x'));
  EXPECT_EQ(Report(::getuid())["Maps"].get<std::string>().size(), kMostReportBytes);
}

TEST_F(ProcessReportTest, SaysThatAProcessHasEnded) {
  EXPECT_EQ(ProcessReport(directory_.Path(), 8, 0, MemoryUnit::kPages).error(),
            "process 8 has ended");
}

TEST(NodeReport, KnowsThisHost) {
  const auto report = nlohmann::json::parse(NodeReport());
  EXPECT_GT(report["Uptime"], 0);
  EXPECT_GT(report["Totalram"], 0);
  EXPECT_EQ(report["Loads"].size(), 3U);
}

}  // namespace
}  // namespace procwall
