// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/file_sink.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "record/event_json.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

class FileSinkTest : public testing::Test {
 protected:
  TemporaryDirectory directory;
  const std::string path = directory / "log/events.jsonl";
};

TEST_F(FileSinkTest, WritesTheLinesOfWatchJson) {
  FileSink sink(path);
  EXPECT_TRUE(sink.Write(SampleEvent()));
  EXPECT_TRUE(sink.Write(SampleEvent()));
  sink.Flush();
  EXPECT_EQ(LinesOf(path), std::vector<std::string>(2, EventJson(SampleEvent(), 0)));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U & ~0640U, 0U);
}

TEST_F(FileSinkTest, GoesOnInTheNewFileAfterARotation) {
  FileSink sink(path);
  sink.Write(SampleEvent());
  sink.Flush();
  std::filesystem::rename(path, path + ".1");
  sink.Write(SampleEvent());
  sink.Flush();
  EXPECT_EQ(LinesOf(path + ".1").size(), 1U);
  EXPECT_EQ(LinesOf(path).size(), 1U);
}

TEST_F(FileSinkTest, AppendsToWhatIsThere) {
  { FileSink(path).Write(SampleEvent()); }
  { FileSink(path).Write(SampleEvent()); }
  EXPECT_EQ(LinesOf(path).size(), 2U);
}

TEST_F(FileSinkTest, WritesThroughNoLinkAndToNoDevice) {
  std::filesystem::create_directory(directory / "log");
  std::filesystem::create_symlink(directory / "other", path);
  FileSink sink(path);
  EXPECT_FALSE(sink.Write(SampleEvent()));
  EXPECT_NE(sink.Trouble(), "");
  EXPECT_FALSE(std::filesystem::exists(directory / "other"));
  FileSink device("/dev/null");
  EXPECT_FALSE(device.Write(SampleEvent()));
  EXPECT_EQ(device.Trouble(), "is no file");
}

TEST_F(FileSinkTest, KeepsABoundedAmountWhereNothingCanBeWritten) {
  FileSink sink(path);
  std::filesystem::remove_all(directory / "log");
  std::size_t taken = 0;
  while (sink.Write(SampleEvent())) ++taken;
  EXPECT_GT(taken, 10U);
  EXPECT_LE(taken * EventJson(SampleEvent(), 0).size(), 2 * FileSink::kMostWaiting);
}

}  // namespace
}  // namespace procwall
