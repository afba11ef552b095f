// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_details.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_top.h"

namespace procwall {
namespace {

using testing::HasSubstr;

std::string LinesText(const std::vector<StyledText>& lines) {
  std::string text;
  for (const StyledText& line : lines) text += line.Render(Colours::kOff) + "\n";
  return text;
}

TEST(DetailLines, OfARowThatHasGoneSaySo) {
  TopModel model = SampleTopModel();
  TopDialogue dialogue{{}};
  dialogue.OnPrograms(model.Programs(SampleTopTime()));
  dialogue.OnKey({Key::Kind::kEnter, '\0'}, {});
  dialogue.OnPrograms({});
  UserNames users;
  EXPECT_THAT(LinesText(DetailLines(dialogue, 80, {}, users)),
              HasSubstr("It is not there any more."));
}

TEST(DetailLines, ListSomeOfVeryManyFlows) {
  std::vector<v1::Flow> flows(100, SampleFlow());
  TopModel model({"192.0.2.10"});
  model.OnFlows(flows, SampleTopTime());
  TopDialogue dialogue{{}};
  dialogue.OnPrograms(model.Programs(SampleTopTime()));
  dialogue.OnKey({Key::Kind::kEnter, '\0'}, {});
  UserNames users;
  EXPECT_THAT(LinesText(DetailLines(dialogue, 80, {}, users)), HasSubstr("and 80 more\n"));
}

TEST(TopHelpLines, FitASmallScreen) {
  EXPECT_LE(TopHelpLines().size(), 21U);
  for (const StyledText& line : TopHelpLines()) EXPECT_LE(line.Width(), 80U);
}

}  // namespace
}  // namespace procwall
