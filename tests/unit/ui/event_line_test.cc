// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_line.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

constexpr std::chrono::hours kOffset{1};

Terminal TerminalOf(std::size_t width) { return {true, width, Colours::kOff}; }

TEST(EventLines, ShowsEveryColumnOnAWideTerminal) {
  const EventLines lines(TerminalOf(130), ShowEvidence::kIfRoom);
  EXPECT_EQ(lines.Titles() + lines.Render(SampleEvent(), kOffset),
            "TIME          VERDICT  PROGRAM                     PROTO  DESTINATION"
            "                 WHY                      CONFIDENCE  LATENCY\n"
            "15:03:22.184  allow    /usr/bin/curl 4211          tcp    example.org:443"
            "             allow-curl               certain      312 µs\n");
}

TEST(EventLines, LeavesOutTheLeastOnANarrowTerminal) {
  const EventLines lines(TerminalOf(80), ShowEvidence::kIfRoom);
  EXPECT_EQ(lines.Titles() + lines.Render(SampleEvent(), kOffset),
            "TIME              PROGRAM                  DESTINATION         WHY\n"
            "15:03:22 allow    /usr/bin/curl 4211  tcp  example.org:443     allow-curl\n");
}

TEST(EventLines, MarksADecisionThatIsNotCertainOnANarrowTerminal) {
  v1::Event event = SampleEvent();
  event.set_confidence(v1::CONFIDENCE_LIKELY);
  const EventLines lines(TerminalOf(80), ShowEvidence::kIfRoom);
  EXPECT_EQ(lines.Render(event, kOffset),
            "15:03:22 allow  ~ /usr/bin/curl 4211  tcp  example.org:443     allow-curl\n");
}

TEST(EventLines, KeepsTheEndsOfALongPathAndALongHost) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path("/home/ada/.local/share/games/launcher");
  event.set_dst_host("eu-west-1.telemetry.collector.example.com");
  const EventLines lines(TerminalOf(80), ShowEvidence::kIfRoom);
  EXPECT_EQ(lines.Render(event, kOffset),
            "15:03:22 allow    …ames/launcher 4211 tcp  …or.example.com:443 allow-curl\n");
}

TEST(EventLines, AddsTheEvidenceWhenTheTerminalIsVeryWide) {
  const EventLines lines(TerminalOf(200), ShowEvidence::kIfRoom);
  EXPECT_EQ(lines.Render(SampleEvent(), kOffset),
            "15:03:22.184  allow    /usr/bin/curl 4211          tcp    example.org:443"
            "             allow-curl                 certain      312 µs"
            "  exact socket 12345 same-flow, holder from index, uid agrees\n");
}

TEST(EventLines, ShowsHowItIsKnownBelow) {
  const EventLines lines(TerminalOf(130), ShowEvidence::kAlways);
  EXPECT_EQ(lines.Render(SampleEvent(), kOffset),
            "15:03:22.184  allow    /usr/bin/curl 4211          tcp    example.org:443"
            "             allow-curl               certain      312 µs\n"
            "    #7 exact socket 12345 same-flow, holder from index, uid agrees\n"
            "    curl -s https://example.org, started by /usr/bin/bash 811, /usr/sbin/sshd 700\n");
}

TEST(EventLines, ShowsTheLatencyWithTheEvidenceOnANarrowTerminal) {
  const EventLines lines(TerminalOf(80), ShowEvidence::kAlways);
  v1::Event event = SampleEvent();
  event.mutable_process()->clear_ancestors();
  EXPECT_EQ(lines.Render(event, kOffset),
            "15:03:22 allow    /usr/bin/curl 4211  tcp  example.org:443     allow-curl\n"
            "    #7 certain, 312 µs: exact socket 12345 same-flow, holder from index, uid agrees\n"
            "    curl -s https://example.org\n");
}

TEST(EventLines, ShowsWithTheEvidenceHowTheNameIsKnown) {
  const EventLines lines(TerminalOf(130), ShowEvidence::kAlways);
  v1::Event event = SampleEvent();
  event.set_dst_name_from("dns-other-program");
  event.set_dst_sni("www.example.org");
  EXPECT_NE(lines.Render(event, kOffset)
                .find("uid agrees, name from dns-other-program, server name www.example.org\n"),
            std::string::npos);
}

TEST(EventLines, CutsNothingForAFile) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path("/home/ada/.local/share/games/launcher/bin/launcher");
  const EventLines lines(Terminal{}, ShowEvidence::kIfRoom);
  EXPECT_EQ(lines.Render(event, kOffset),
            "2024-03-01T14:03:22.184000001Z  allow    "
            "/home/ada/.local/share/games/launcher/bin/launcher 4211  tcp    example.org:443"
            "                   allow-curl                    certain      312 µs\n");
}

TEST(EventLines, BeginsWithTheNumberThatExplainWants) {
  const EventLines lines(TerminalOf(80), ShowEvidence::kIfRoom, ShowNumber::kAlways);
  EXPECT_EQ(lines.Titles() + lines.Render(SampleEvent(), kOffset),
            "NUMBER TIME              PROGRAM               DESTINATION      WHY\n"
            "     7 15:03:22 allow    …r/bin/curl 4211 tcp  example.org:443  allow-curl\n");
}

TEST(EventLines, SurvivesATerminalOfOneColumn) {
  const EventLines lines(TerminalOf(1), ShowEvidence::kAlways);
  EXPECT_EQ(lines.Render(SampleEvent(), kOffset),
            "15:03:22 allow    …rl 4211 tcp  …org:443 allow-c…\n"
            " …\n"
            " …\n");
}

TEST(EventLines, SaysHowManyDecisionsWereMissed) {
  const EventLines lines(TerminalOf(80), ShowEvidence::kIfRoom);
  EXPECT_EQ(lines.RenderMissed(3), "3 decisions missed: this terminal was too slow\n");
  EXPECT_EQ(lines.RenderMissed(1), "1 decision missed: this terminal was too slow\n");
  const EventLines file(Terminal{}, ShowEvidence::kIfRoom);
  EXPECT_EQ(file.RenderMissed(2), "2 decisions missed: this reader was too slow\n");
}

}  // namespace
}  // namespace procwall
