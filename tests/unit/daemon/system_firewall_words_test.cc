// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;

TEST(IsScriptWord, TakesWhatRulesNeedAndNothingThatLeavesThem) {
  for (const char* const word :
       {"22", "1000-2000", "10.0.0.0/8", "fe80::1", "echo-request", "wg*"}) {
    EXPECT_TRUE(IsScriptWord(word)) << word;
  }
  for (const char* const word :
       {"", "a b", "a;b", "a\nb", "{", "}", "\"", "$x", "-j", "#", "a,b"}) {
    EXPECT_FALSE(IsScriptWord(word)) << word;
  }
}

TEST(ScriptWords, SplitsListsAndNamesWhatIsNone) {
  EXPECT_THAT(ScriptWords("22, 80", "tcp dport").value(), ElementsAre("22", "80"));
  EXPECT_EQ(ScriptWords("22,;", "tcp dport").error(), "\";\" is no value for tcp dport");
}

TEST(QuotedWord, IsNeverMoreThanOneText) {
  EXPECT_EQ(QuotedWord("a b", "log").value(), "\"a b\"");
  EXPECT_FALSE(QuotedWord("a\"b", "log"));
  EXPECT_FALSE(QuotedWord("a\nb", "log"));
}

TEST(InLowerCase, ChangesNothingButLetters) {
  EXPECT_EQ(InLowerCase("INPUT-22_Ab"), "input-22_ab");
}

TEST(StatementsOfParameters, TranslatesTheUsualOptions) {
  EXPECT_THAT(
      StatementsOfParameters("-p tcp ! -d 10.0.0.0/8 -m multiport --dports 22,8000:8010 -o eth0")
          .value(),
      ElementsAre(SystemStatement{"meta", "", {{"l4proto", "tcp"}}},
                  SystemStatement{"ip", "!=", {{"daddr", "10.0.0.0/8"}}},
                  SystemStatement{"tcp", "", {{"dport", "22,8000-8010"}}},
                  SystemStatement{"oifname", "", {{"", "eth0"}}}));
}

TEST(StatementsOfParameters, NamesWhatItDoesNotKnow) {
  EXPECT_EQ(StatementsOfParameters("-p tcp --syn -m set").error(),
            "\"--syn\" of iptables is not known to the translation for nft");
  EXPECT_EQ(StatementsOfParameters("-p").error(), "\"-p\" has no value");
}

TEST(SystemComment, LeadsBackToTheLine) {
  EXPECT_EQ(LineOfSystemComment("tcp dport 22 accept comment \"" + SystemComment(17) + "\""), 17);
  EXPECT_EQ(LineOfSystemComment("tcp dport 22 accept"), 0);
}

}  // namespace
}  // namespace procwall
