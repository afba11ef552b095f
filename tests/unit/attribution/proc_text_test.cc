// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/proc_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As read from Linux 6.18, the name replaced.
std::string StatOf(const std::string& comm) {
  return "82 (" + comm +
         ") S 7 8472 3607 0 -1 4194368 20 0 0 0 0 0 0 0 20 0 1 0 129146 5799936 184 "
         "18446744073709551615 94778205544448 94778205552521 140723334017600 0 0 0 0 0 0 1 0 0 17 "
         "1 "
         "0 0 0 0 0 94778205560240 94778205561112 94779200249856 140723334023647 140723334023651 "
         "140723334023651 140723334025204 0\n";
}

constexpr ExecStamp kStamp{.start_time = 129146,
                           .start_code = 94778205544448,
                           .end_code = 94778205552521,
                           .start_stack = 140723334017600,
                           .arg_start = 140723334023647,
                           .arg_end = 140723334023651};

TEST(ParseStat, ReadsPidNameStateParentAndStamp) {
  const std::string text = StatOf("curl");
  EXPECT_EQ(ParseStat(text).value(), (StatText{.pid = 82,
                                               .comm = "curl",
                                               .state = 'S',
                                               .parent_pid = 7,
                                               .flags = 4194368,
                                               .stamp = kStamp}));
}

TEST(ParseStat, IsNotFooledByAnyName) {
  for (const char* comm : {"", " ", ")", ") Z 1 1", "a\nb", "((", "x) R 1 2 3 4 (", "\xff\xfe"}) {
    const std::string text = StatOf(comm);
    EXPECT_EQ(ParseStat(text).value(), (StatText{.pid = 82,
                                                 .comm = comm,
                                                 .state = 'S',
                                                 .parent_pid = 7,
                                                 .flags = 4194368,
                                                 .stamp = kStamp}));
  }
}

TEST(ParseStat, RefusesATextCutBeforeTheEndOfTheStamp) {
  const std::string text = StatOf("curl");
  const std::size_t needed = text.rfind("140723334025204") - 16;  // field 50 begins there
  for (std::size_t size = 0; size < needed; ++size) {
    EXPECT_FALSE(ParseStat(std::string_view(text).substr(0, size))) << size;
  }
}

TEST(ParseStat, SurvivesFlippedBytes) {
  const std::string text = StatOf("curl");
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x11);
    (void)ParseStat(damaged);
  }
}

TEST(ParseStatusUid, ReadsTheEffectiveUid) {
  EXPECT_EQ(ParseStatusUid("Name:\tsudo\nUid:\t1000\t0\t1\t2\nGid:\t5\t5\t5\t5\n").value(), 0U);
}

TEST(ParseStatusUid, TakesAnEscapedNameForWhatItIs) {
  EXPECT_EQ(ParseStatusUid("Name:\tx\\nUid:\t0\t0\t0\t0\nUid:\t7\t8\t9\t9\n").value(), 8U);
}

TEST(ParseStatusUid, RefusesATextWithoutAWholeUidLine) {
  const std::string text = "Name:\tx\nUid:\t1000\t1000\t";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParseStatusUid(std::string_view(text).substr(0, size))) << size;
  }
  EXPECT_FALSE(ParseStatusUid("Uid:\t1\t-1\t1\t1\n"));
  EXPECT_FALSE(ParseStatusUid("Uid:\t1\t4294967296\t1\t1\n"));
}

TEST(ParseStatusLeader, ReadsTheProcessOfAThread) {
  EXPECT_EQ(ParseStatusLeader("Name:\tx\nTgid:\t7\nNgid:\t0\nPid:\t9\n").value(), 7);
}

TEST(ParseStatusLeader, RefusesATextWithoutAWholeLine) {
  const std::string text = "Name:\tx\nTgid:\t7";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    EXPECT_FALSE(ParseStatusLeader(std::string_view(text).substr(0, size))) << size;
  }
  EXPECT_FALSE(ParseStatusLeader("Tgid:\t0\n"));
  EXPECT_FALSE(ParseStatusLeader("Tgid:\t-7\n"));
  EXPECT_FALSE(ParseStatusLeader("Tgid:\t4294967303\n"));
}

TEST(ParseLoadavgLastPid, ReadsTheLastField) {
  EXPECT_EQ(ParseLoadavgLastPid("0.52 0.58 0.59 3/602 24928\n").value(), 24928);
}

TEST(ParseLoadavgLastPid, RefusesATextThatIsCutOrHasNoNumberThere) {
  const std::string text = "0.52 0.58 0.59 3/602 24928";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    EXPECT_FALSE(ParseLoadavgLastPid(std::string_view(text).substr(0, size))) << size;
  }
  EXPECT_FALSE(ParseLoadavgLastPid("0.52 0.58 0.59 3/602\n"));
  EXPECT_FALSE(ParseLoadavgLastPid("0.52 0.58 0.59 3/602 0\n"));
  EXPECT_FALSE(ParseLoadavgLastPid("0.52 0.58 0.59 3/602 -1\n"));
}

TEST(ParseCmdline, EndsEachArgumentAtItsNul) {
  using std::string_view_literals::operator""sv;
  EXPECT_THAT(ParseCmdline("curl\0-s\0"sv), ElementsAre("curl", "-s"));
  EXPECT_THAT(ParseCmdline("curl\0\0x"sv), ElementsAre("curl", "", "x"));
  EXPECT_THAT(ParseCmdline("nginx: master process"sv), ElementsAre("nginx: master process"));
  EXPECT_THAT(ParseCmdline(""sv), IsEmpty());
}

TEST(ParseCmdline, StopsAtItsLimit) {
  EXPECT_EQ(ParseCmdline(std::string(100000, '\0')).size(), kMaxArguments);
}

TEST(ParseSocketLink, ReadsTheInode) {
  EXPECT_EQ(ParseSocketLink("socket:[1]"), Inode{1});
  EXPECT_EQ(ParseSocketLink("socket:[18446744073709551615]"), ~Inode{0});
}

TEST(ParseSocketLink, RefusesEverythingElse) {
  for (const char* target :
       {"", "socket:[", "socket:[]", "socket:[1", "socket:[-1]", "socket:[+1]", "socket:[ 1]",
        "socket:[1]x", "socket:[18446744073709551616]", "pipe:[1]", "/tmp/socket:[1]"}) {
    EXPECT_EQ(ParseSocketLink(target), std::nullopt) << target;
  }
}

TEST(ParseNumberName, TakesDigitsOnly) {
  EXPECT_EQ(ParseNumberName("4194304"), 4194304);
  for (const char* name : {"", ".", "..", "self", "-1", "1a", "99999999999"}) {
    EXPECT_EQ(ParseNumberName(name), std::nullopt) << name;
  }
}

TEST(ParseExeTarget, TakesTheKernelsMarkOff) {
  EXPECT_EQ(ParseExeTarget("/usr/bin/curl"), (ExeTarget{"/usr/bin/curl", false}));
  EXPECT_EQ(ParseExeTarget("/usr/bin/curl (deleted)"), (ExeTarget{"/usr/bin/curl", true}));
}

}  // namespace
}  // namespace procwall
