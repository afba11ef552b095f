// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_cells.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

std::string CellText(const StyledText& cell) { return cell.Render(Colours::kOff); }

TEST(VerdictCell, IsGreenForAllowAndRedForDeny) {
  v1::Event event = SampleEvent();
  EXPECT_EQ(VerdictCell(event).Render(Colours::kOn), "\x1b[32mallow\x1b[0m");
  event.set_action(v1::ACTION_DENY);
  EXPECT_EQ(VerdictCell(event).Render(Colours::kOn), "\x1b[31mdeny\x1b[0m");
}

TEST(ProgramCell, NamesProgramAndPid) {
  EXPECT_EQ(CellText(ProgramCell(SampleEvent())), "/usr/bin/curl 4211");
}

TEST(ProgramCell, SaysThatTheExecutableWasDeleted) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path_is_deleted(true);
  EXPECT_EQ(CellText(ProgramCell(event)), "/usr/bin/curl (deleted) 4211");
}

TEST(ProgramCell, NamesEveryProgramOfAnAmbiguousDecision) {
  v1::Event event = SampleEvent();
  *event.add_alternatives() = FromText<v1::Process>(R"(pid: 9 path: "/bin/nc")");
  EXPECT_EQ(CellText(ProgramCell(event)), "curl 4211 or nc 9");
}

TEST(ProgramCell, SaysWhyNoProgramIsKnown) {
  v1::Event event = SampleEvent();
  event.clear_process();
  event.set_unknown_reason("process-gone");
  EXPECT_EQ(CellText(ProgramCell(event)), "unknown: process-gone");
}

TEST(ProgramCell, ShowsAProcessWithoutAnExecutable) {
  v1::Event event = SampleEvent();
  event.mutable_process()->clear_path();
  EXPECT_EQ(CellText(ProgramCell(event)), "(no executable) 4211");
}

TEST(ProgramCell, CannotBeUsedToDriveTheTerminal) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path("/tmp/\x1b]0;owned\x07\n/\xff");
  EXPECT_EQ(CellText(ProgramCell(event)), "/tmp/\\x1b]0;owned\\x07\\x0a/\\xff 4211");
}

TEST(DestinationCell, PrefersTheName) {
  EXPECT_EQ(CellText(DestinationCell(SampleEvent())), "example.org:443");
}

TEST(DestinationCell, PutsAnIpv6AddressInBrackets) {
  v1::Event event = SampleEvent();
  event.clear_dst_host();
  event.set_dst_ip("2001:db8::1");
  EXPECT_EQ(CellText(DestinationCell(event)), "[2001:db8::1]:443");
  event.set_dst_port(0);
  EXPECT_EQ(CellText(DestinationCell(event)), "2001:db8::1");
}

TEST(DestinationCell, SaysWhereAnIncomingPacketComesFrom) {
  v1::Event event = SampleEvent();
  event.set_direction("incoming");
  event.set_dst_port(22);
  EXPECT_EQ(CellText(DestinationCell(event)), "192.0.2.10 to :22");
}

TEST(DestinationCell, NamesBothEndsOfAForwardedPacket) {
  v1::Event event = SampleEvent();
  event.set_direction("forwarded");
  EXPECT_EQ(CellText(DestinationCell(event)), "192.0.2.10 to example.org:443");
}

TEST(DestinationCell, IsADashWhenThePacketCouldNotBeRead) {
  EXPECT_EQ(CellText(DestinationCell(v1::Event())), "-");
}

TEST(WhyCell, NamesTheRule) { EXPECT_EQ(CellText(WhyCell(SampleEvent())), "allow-curl"); }

TEST(WhyCell, SaysThatNoRuleMatched) {
  v1::Event event = SampleEvent();
  event.set_reason(v1::REASON_DEFAULT_ACTION);
  EXPECT_EQ(CellText(WhyCell(event)), "no rule: default");
}

TEST(WhyCell, SaysWhatWouldHaveHappenedWithoutObserving) {
  v1::Event event = SampleEvent();
  event.set_judged_action(v1::ACTION_DENY);
  EXPECT_EQ(CellText(WhyCell(event)), "would deny: allow-curl");
}

TEST(WhyCell, SaysWhatWasWrongWithAPacket) {
  v1::Event event = SampleEvent();
  event.set_reason(v1::REASON_UNPARSABLE);
  event.set_refusal("read tcp header: truncated");
  EXPECT_EQ(CellText(WhyCell(event)), "unreadable: read tcp header: truncated");
}

TEST(WhyCell, ShowsAReasonOfALaterDaemon) {
  v1::Event event = SampleEvent();
  event.set_reason(static_cast<v1::Reason>(12));
  EXPECT_EQ(CellText(WhyCell(event)), "reason unknown-12");
}

TEST(ConfidenceCell, WarnsOnlyWhenTheProgramIsNotSure) {
  v1::Event event = SampleEvent();
  EXPECT_EQ(ConfidenceCell(event).Render(Colours::kOn), "\x1b[2mcertain\x1b[0m");
  event.set_confidence(v1::CONFIDENCE_AMBIGUOUS);
  EXPECT_EQ(ConfidenceCell(event).Render(Colours::kOn), "\x1b[33mambiguous\x1b[0m");
}

TEST(ConfidenceMark, IsThereOnlyWhenNotCertain) {
  v1::Event event = SampleEvent();
  EXPECT_EQ(CellText(ConfidenceMark(event)), "");
  event.set_confidence(v1::CONFIDENCE_LIKELY);
  EXPECT_EQ(CellText(ConfidenceMark(event)), "~");
  event.set_confidence(v1::CONFIDENCE_AMBIGUOUS);
  EXPECT_EQ(CellText(ConfidenceMark(event)), "?");
}

TEST(CommandTexts, NameTheCommandAndWhoStartedIt) {
  EXPECT_EQ(CommandTexts(SampleEvent()),
            (std::vector<std::string>{
                "curl -s https://example.org, started by /usr/bin/bash 811, /usr/sbin/sshd 700"}));
}

TEST(CommandTexts, NameEveryProgramOfAnAmbiguousDecisionWithItsPath) {
  v1::Event event = SampleEvent();
  event.mutable_process()->clear_ancestors();
  *event.add_alternatives() =
      FromText<v1::Process>(R"(pid: 9 path: "/bin/nc" ancestors { pid: 2 })");
  EXPECT_EQ(CommandTexts(event),
            (std::vector<std::string>{"/usr/bin/curl 4211: curl -s https://example.org",
                                      "or /bin/nc 9: started by ? 2"}));
}

TEST(CommandTexts, AreNoneWithoutAProcess) {
  EXPECT_EQ(CommandTexts(v1::Event()), std::vector<std::string>{});
}

TEST(WhyCell, NamesTheRulesOnTrialThatWouldHaveDecided) {
  v1::Event event = SampleEvent();
  v1::ShadowRule& shadow = *event.add_shadow_rules();
  shadow.set_rule("no-home");
  shadow.set_action(v1::ACTION_DENY);
  EXPECT_EQ(CellText(WhyCell(event)), "allow-curl [on trial: no-home would deny]");
}

}  // namespace
}  // namespace procwall
