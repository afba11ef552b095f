// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_top.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Mode = TopDialogue::Mode;
using Kind = Key::Kind;

class TopDialogueTest : public testing::Test {
 protected:
  TopDialogueTest() { dialogue.OnPrograms(model.Programs(SampleTopTime())); }

  std::vector<TopRequest> Press(Kind kind) { return dialogue.OnKey({kind, '\0'}, extent); }
  std::vector<TopRequest> Type(const std::string& text) {
    std::vector<TopRequest> requests;
    for (const char c : text) {
      for (TopRequest& request : dialogue.OnKey({Kind::kCharacter, c}, extent)) {
        requests.push_back(std::move(request));
      }
    }
    return requests;
  }
  std::string Selected() const {
    const TopRow& row = dialogue.Rows().at(dialogue.Selected());
    return row.place == nullptr ? row.program->key : row.place->key;
  }
  // Looks at the place whose key begins so.
  void Select(const std::string& beginning) {
    if (!dialogue.View().all_open) Type("e");
    Press(Kind::kHome);
    for (std::size_t i = 0; i < dialogue.Rows().size() && !Selected().starts_with(beginning); ++i) {
      Press(Kind::kDown);
    }
    ASSERT_TRUE(Selected().starts_with(beginning)) << Selected();
  }

  TopModel model = SampleTopModel();
  TopDialogue dialogue{{}};
  TopDialogue::Extent extent{.page = 2, .last_offset = 3};
};

TEST_F(TopDialogueTest, BeginsWithThePrograms) {
  EXPECT_THAT(dialogue.Rows(), SizeIs(3));
  EXPECT_EQ(Selected(), "/usr/bin/curl");
}

TEST_F(TopDialogueTest, MovesAndStopsAtBothEnds) {
  Press(Kind::kUp);
  EXPECT_EQ(dialogue.Selected(), 0U);
  Press(Kind::kPageDown);
  EXPECT_EQ(dialogue.Selected(), 2U);
  Type("j");
  EXPECT_EQ(dialogue.Selected(), 2U);
  Press(Kind::kHome);
  EXPECT_EQ(dialogue.Selected(), 0U);
  Press(Kind::kEnd);
  Type("k");
  EXPECT_EQ(dialogue.Selected(), 1U);
}

TEST_F(TopDialogueTest, OpensAndShutsPrograms) {
  Press(Kind::kRight);
  EXPECT_THAT(dialogue.Rows(), SizeIs(5));
  Press(Kind::kRight);
  EXPECT_THAT(dialogue.Rows(), SizeIs(5));
  Press(Kind::kDown);
  Press(Kind::kLeft);
  EXPECT_THAT(dialogue.Rows(), SizeIs(3));
  EXPECT_EQ(Selected(), "/usr/bin/curl");  // its place is not to be seen any more
  Press(Kind::kTab);
  EXPECT_THAT(dialogue.Rows(), SizeIs(5));
  Type("e");
  EXPECT_THAT(dialogue.Rows(), SizeIs(7));
}

TEST_F(TopDialogueTest, TheRowThatIsLookedAtStaysThatWhenOthersOvertakeIt) {
  Select("198.51.100.7");
  Type("N");
  EXPECT_EQ(Selected(), "198.51.100.7 to :22 tcp");
  EXPECT_EQ(dialogue.View().sort, TopSort::kName);
  Type("s");
  EXPECT_EQ(dialogue.View().sort, TopSort::kTime);
}

TEST_F(TopDialogueTest, WhenRowsGoTheSelectionIsStillOne) {
  Press(Kind::kEnd);
  dialogue.OnPrograms({});
  EXPECT_THAT(dialogue.Rows(), IsEmpty());
  for (const char c : std::string("jkadc+-e\t")) EXPECT_THAT(Type(std::string(1, c)), IsEmpty());
  for (const Kind kind : {Kind::kEnter, Kind::kPageDown, Kind::kEnd, Kind::kRight}) {
    EXPECT_THAT(Press(kind), IsEmpty());
  }
  EXPECT_EQ(dialogue.ShownMode(), Mode::kList);
}

TEST_F(TopDialogueTest, PausedItStaysAsItIs) {
  Type(" ");
  EXPECT_TRUE(dialogue.IsPaused());
  dialogue.OnPrograms({});
  EXPECT_THAT(dialogue.Rows(), SizeIs(3));
  Type(" ");
  dialogue.OnPrograms({});
  EXPECT_THAT(dialogue.Rows(), IsEmpty());
}

TEST_F(TopDialogueTest, FiltersAsItIsTyped) {
  Type("/sshdq");
  EXPECT_EQ(dialogue.ShownMode(), Mode::kFilter);
  EXPECT_FALSE(dialogue.IsOver());
  EXPECT_THAT(dialogue.Rows(), IsEmpty());
  Press(Kind::kBackspace);
  EXPECT_THAT(dialogue.Rows(), SizeIs(1));
  Press(Kind::kEnter);
  EXPECT_EQ(dialogue.ShownMode(), Mode::kList);
  EXPECT_EQ(dialogue.View().filter, "sshd");
  Type("/x");
  Press(Kind::kEscape);
  EXPECT_EQ(dialogue.View().filter, "sshd");
  Press(Kind::kEscape);
  EXPECT_THAT(dialogue.Rows(), SizeIs(3));
}

TEST_F(TopDialogueTest, AsksForTheEvidenceOfADecision) {
  Select("example.org");
  const auto requests = Press(Kind::kEnter);
  EXPECT_EQ(dialogue.ShownMode(), Mode::kDetails);
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(std::get<TopExplain>(requests[0]).request.sequence(), 7U);

  TopReply reply;
  reply.kind = TopReply::Kind::kExplained;
  reply.row = "another";
  dialogue.OnReply(reply);
  EXPECT_FALSE(dialogue.ShownDetails().is_explained);
  reply.row = std::get<TopExplain>(requests[0]).row;
  dialogue.OnReply(reply);
  EXPECT_TRUE(dialogue.ShownDetails().is_explained);
}

TEST_F(TopDialogueTest, AsksByItsEndsWhoseConnectionItIsWhenNoDecisionIsKnown) {
  Select("198.51.100.7");
  const auto requests = Press(Kind::kEnter);
  const v1::ConnectionEnds& ends = std::get<TopExplain>(requests.at(0)).request.connection();
  EXPECT_EQ(ends.local_ip(), "192.0.2.10");
  EXPECT_EQ(ends.local_port(), 22U);
  EXPECT_EQ(ends.remote_ip(), "198.51.100.7");
  EXPECT_EQ(ends.remote_port(), 51000U);
}

TEST_F(TopDialogueTest, DetailsScrollAndAnyOtherKeyGoesBack) {
  Press(Kind::kEnter);
  for (int i = 0; i < 10; ++i) Press(Kind::kPageDown);
  EXPECT_EQ(dialogue.ShownDetails().offset, 3U);
  Press(Kind::kUp);
  EXPECT_EQ(dialogue.ShownDetails().offset, 2U);
  Press(Kind::kEscape);
  EXPECT_EQ(dialogue.ShownMode(), Mode::kList);
}

TEST_F(TopDialogueTest, ARuleIsShownBeforeItIsSaved) {
  Select("example.org");
  EXPECT_THAT(Type("d"), IsEmpty());
  EXPECT_EQ(dialogue.ShownMode(), Mode::kRule);
  EXPECT_EQ(dialogue.DraftedRule().name, "deny-always-curl-example.org-443");
  const auto requests = Press(Kind::kEnter);
  ASSERT_THAT(requests, SizeIs(1));
  const v1::Rule& rule = std::get<TopPutRule>(requests[0]).rule;
  EXPECT_EQ(rule.action(), "deny");
  EXPECT_EQ(rule.duration(), "always");
  EXPECT_EQ(rule.operator_().list_size(), 3);
  EXPECT_EQ(dialogue.ShownMode(), Mode::kList);
  EXPECT_EQ(dialogue.News(), "saving the rule ...");
}

TEST_F(TopDialogueTest, ARuleCanReachFurtherAndEndEarlier) {
  Select("example.org");
  Type("asstt");
  EXPECT_EQ(dialogue.RuleDraft().proposal, 2U);
  const Rule rule = dialogue.DraftedRule();
  EXPECT_EQ(rule.action, RuleAction::kAllow);
  EXPECT_EQ(rule.duration, "15m");
  Type("Sd");
  EXPECT_EQ(dialogue.RuleDraft().proposal, 1U);
  EXPECT_EQ(dialogue.DraftedRule().action, RuleAction::kDeny);
  EXPECT_THAT(Press(Kind::kEscape), IsEmpty());
  EXPECT_EQ(dialogue.News(), "no rule was made");
}

TEST_F(TopDialogueTest, ARuleOnAProgramIsAboutAllThatItDoes) {
  Type("d");
  EXPECT_EQ(dialogue.RuleDraft().proposals.at(dialogue.RuleDraft().proposal).label,
            "this program anywhere");
}

TEST_F(TopDialogueTest, CutsExactlyTheFlowsOfTheRowAndAsksBefore) {
  Select("example.org");
  EXPECT_THAT(Type("c"), IsEmpty());
  EXPECT_EQ(dialogue.ShownMode(), Mode::kCut);
  EXPECT_EQ(dialogue.CutText(), "1 connection of /usr/bin/curl: example.org:443");
  const auto requests = Press(Kind::kEnter);
  ASSERT_THAT(requests, SizeIs(1));
  const auto& flows = std::get<TopCut>(requests[0]).flows;
  ASSERT_THAT(flows, SizeIs(1));
  EXPECT_EQ(flows[0].id(), 77U);
  EXPECT_EQ(flows[0].protocol(), "tcp");
  EXPECT_EQ(flows[0].address(), "93.184.216.34");
  Type("c");
  Press(Kind::kEscape);
  EXPECT_EQ(dialogue.News(), "nothing was cut");
}

TEST_F(TopDialogueTest, WithoutALiveConnectionThereIsNothingToCut) {
  Select("ads.example");
  Type("c");
  EXPECT_EQ(dialogue.ShownMode(), Mode::kList);
  EXPECT_THAT(dialogue.News(), HasSubstr("nothing to cut"));
}

TEST_F(TopDialogueTest, TellsWhatBecameOfARequest) {
  TopReply reply;
  reply.kind = TopReply::Kind::kFailed;
  reply.what = "not you";
  dialogue.OnReply(reply);
  EXPECT_EQ(dialogue.News(), "not you");
  Press(Kind::kDown);
  EXPECT_EQ(dialogue.News(), "");
}

TEST_F(TopDialogueTest, EndsByQAndByCtrlCEverywhere) {
  Type("?");
  EXPECT_EQ(dialogue.ShownMode(), Mode::kHelp);
  Type("x");
  EXPECT_EQ(dialogue.ShownMode(), Mode::kList);
  Type("/");
  Press(Kind::kInterrupt);
  EXPECT_TRUE(dialogue.IsOver());
  TopDialogue other{{}};
  other.OnKey({Kind::kCharacter, 'q'}, extent);
  EXPECT_TRUE(other.IsOver());
}

}  // namespace
}  // namespace procwall
