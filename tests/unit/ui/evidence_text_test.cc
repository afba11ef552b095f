// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/evidence_text.h"

#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attribution/attribution.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kSocket = R"(
    socket { inode: 12345 state: "SYN-SENT" uid: 4294967 rank: "same-flow"
             rank_reason: "all of it is that of the packet" })";

class EvidenceText : public testing::Test {
 protected:
  std::vector<std::string> Steps(const std::string& evidence) {
    *event.mutable_evidence_details() = FromText<v1::Evidence>(evidence);
    return EvidenceSteps(event, users);
  }

  v1::Event event = SampleEvent();
  UserNames users;
};

TEST_F(EvidenceText, SaysHowTheNameIsKnown) {
  EXPECT_EQ(NameText(event), "");
  event.set_dst_name_from("dns");
  EXPECT_EQ(NameText(event), "example.org: a name server told this program so.");
  event.set_dst_sni("www.example.org");
  EXPECT_EQ(NameText(event),
            "example.org: a name server told this program so. The packet asks for the server "
            "www.example.org.");
  event.set_dst_name_from("sni");
  EXPECT_EQ(NameText(event),
            "example.org: the packet says so itself, and no name server was heard; a program can "
            "say any name.");
}

TEST_F(EvidenceText, SaysWhatTheKernelSaw) {
  EXPECT_THAT(Steps(R"(lookup: "witness" holder_from: "witness" hook: "connect" cookie: 9
                       age { nanos: 300000 } uid_agrees: true)"),
              ElementsAre("The kernel saw /usr/bin/curl (pid 4211) connect this socket, 300 µs "
                          "before the decision (socket cookie 9).",
                          "The packet and the socket have the same user."));
}

TEST_F(EvidenceText, SaysWhatWasAskedAndWhatAnswered) {
  EXPECT_THAT(
      Steps(std::string(R"(lookup: "exact" holder_from: "walk" considered: 1 holders: 1
                           all_holders_known: true uid_agrees: false note: "so it is")") +
            kSocket),
      ElementsAre("Asked the kernel for the socket of exactly this connection: socket 12345, "
                  "SYN-SENT, of user 4294967. It fits because all of it is that of the packet.",
                  "Searched /proc for who holds it: 1 process, and no other process does.",
                  "The packet and the socket have different users.", "To be noted: so it is."));
}

TEST_F(EvidenceText, SaysThatThereIsNoSocket) {
  EXPECT_THAT(Steps(R"(lookup: "exact")"),
              ElementsAre("Asked the kernel for the socket of exactly this connection: there is "
                          "none."));
  EXPECT_THAT(Steps(R"(lookup: "dump" considered: 3)"),
              ElementsAre("Asked the kernel for all sockets of this port, 3 came into question: "
                          "none could have sent it."));
  EXPECT_THAT(Steps(R"(lookup: "dump")"),
              ElementsAre("Asked the kernel for all sockets of this port: there is none."));
  EXPECT_THAT(Steps(R"(lookup: "none")"),
              ElementsAre("Nothing was asked: there was nothing to ask with."));
}

TEST_F(EvidenceText, SaysThatASocketHasNoFile) {
  EXPECT_THAT(Steps(R"(lookup: "exact" socket { state: "TIME-WAIT" })"),
              ElementsAre("Asked the kernel for the socket of exactly this connection: it is in "
                          "state TIME-WAIT and has no file, so that no process holds it."));
}

TEST_F(EvidenceText, HasAStepForEachSourceOfAHolder) {
  std::set<std::string> steps;
  for (const char* from : {"index", "guess", "walk", "witness"}) {
    const auto said = Steps(fmt::format(R"(lookup: "exact" holder_from: "{}" {})", from, kSocket));
    ASSERT_EQ(said.size(), 2U) << from;
    steps.insert(said[1]);
  }
  EXPECT_EQ(steps.size(), 4U);
}

TEST_F(EvidenceText, SaysThatTheKernelSentItItself) {
  event.clear_process();
  event.set_unknown_reason("kernel");
  EXPECT_THAT(Steps(R"(lookup: "witness")"),
              ElementsAre("The kernel saw that it sent this packet itself."));
}

TEST_F(EvidenceText, TellsTheAlternatives) {
  const auto evidence = FromText<v1::Evidence>(R"(
    alternatives { socket { inode: 7 rank: "wildcard" state: "UNCONN" uid: 4294967 }
                   process { pid: 9 path: "/bin/nc" } sentence: "it fits" }
    alternatives { socket { rank: "wildcard" state: "UNCONN" uid: 4294967 } sentence: "no file" }
    alternatives { process { pid: 8 path: "/bin/dig" } sentence: "it sent" }
    alternatives { sentence: "it sent" })");
  EXPECT_THAT(AlternativeTexts(evidence, users),
              ElementsAre("socket 7 (wildcard, UNCONN) of user 4294967, held by /bin/nc (pid 9): "
                          "it fits.",
                          "socket 0 (wildcard, UNCONN) of user 4294967: no file.",
                          "/bin/dig (pid 8): it sent.", "a process that is not known: it sent."));
}

TEST_F(EvidenceText, SaysWhyItIsSure) {
  EXPECT_EQ(ConfidenceSentence(event),
            "certain, because no other socket can have sent the packet, and every process that "
            "holds it runs this program.");
  event.mutable_evidence_details()->set_lookup("witness");
  EXPECT_EQ(ConfidenceSentence(event), "certain, because the kernel saw it happen.");
  EXPECT_EQ(AdviceOn(event), "");
}

TEST_F(EvidenceText, SaysWhyItIsOnlyLikely) {
  event.set_confidence(v1::CONFIDENCE_LIKELY);
  std::set<std::string> sentences;
  for (const char* evidence :
       {R"(lookup: "witness")", R"(lookup: "exact" uid_agrees: false)", R"(lookup: "exact")",
        R"(lookup: "dump" all_holders_known: true socket { rank: "wildcard" })",
        R"(lookup: "dump" all_holders_known: true socket { rank: "same-flow" })"}) {
    *event.mutable_evidence_details() = FromText<v1::Evidence>(evidence);
    sentences.insert(ConfidenceSentence(event));
  }
  EXPECT_EQ(sentences.size(), 5U);
  EXPECT_EQ(AdviceOn(event),
            "Where the witness in the kernel runs, this is certain: `procwall doctor` says what "
            "would help.");
}

// The witness ran, or it would not have seen it.
TEST_F(EvidenceText, AdvisesTheWatchOverPacketsWhereTheWitnessRunsAlready) {
  event.set_confidence(v1::CONFIDENCE_LIKELY);
  *event.mutable_evidence_details() =
      FromText<v1::Evidence>(R"(lookup: "witness" note: "its socket is gone"
                                alternatives { reason: "sent-before" process { pid: 9 } })");
  EXPECT_EQ(ConfidenceSentence(event),
            "likely: its socket is gone, and this is who was seen to send the same flow last.");
  EXPECT_EQ(AdviceOn(event),
            "Where the witness sees each packet, this is certain: `procwall doctor` says whether "
            "its part \"packets\" runs.");
  event.set_direction("forwarded");
  EXPECT_EQ(AdviceOn(event), "");
}

TEST_F(EvidenceText, TellsOfAnotherProcessThatSentTheSameFlow) {
  event.set_confidence(v1::CONFIDENCE_LIKELY);
  *event.mutable_evidence_details() = FromText<v1::Evidence>(
      R"(lookup: "witness" alternatives { reason: "sent-before" }
         note: "another process of this program sent the same flow within moments")");
  EXPECT_EQ(ConfidenceSentence(event),
            "likely: another process of this program was seen to send the same flow a moment "
            "before, and the packet may be that one's.");
  EXPECT_EQ(AdviceOn(event), "");
}

TEST_F(EvidenceText, SaysThatTheStrictestCounts) {
  event.set_confidence(v1::CONFIDENCE_AMBIGUOUS);
  event.add_alternatives();
  EXPECT_EQ(ConfidenceSentence(event),
            "ambiguous: 2 programs could have sent it, so the rules were asked about each, and the "
            "strictest answer counted.");
  EXPECT_NE(AdviceOn(event), "");
}

TEST_F(EvidenceText, HasAnAdviceForEveryReason) {
  event.set_confidence(v1::CONFIDENCE_UNKNOWN);
  std::set<std::string> advices;
  for (int i = 1; i <= static_cast<int>(kLastUnknownReason); ++i) {
    const auto reason = static_cast<UnknownReason>(i);
    event.set_unknown_reason(UnknownReasonName(reason));
    EXPECT_EQ(ConfidenceSentence(event), std::string("unknown: ") + UnknownReasonSentence(reason));
    EXPECT_EQ(AdviceOn(event).back(), '.') << UnknownReasonName(reason);
    advices.insert(AdviceOn(event));
  }
  EXPECT_EQ(advices.size(), static_cast<std::size_t>(kLastUnknownReason));
}

TEST_F(EvidenceText, ShowsAReasonOfALaterDaemon) {
  event.set_confidence(v1::CONFIDENCE_UNKNOWN);
  event.set_unknown_reason("lost-in-space");
  EXPECT_EQ(ConfidenceSentence(event), "unknown: lost-in-space.");
  EXPECT_EQ(AdviceOn(event), "`procwall doctor` says what would help.");
  event.clear_unknown_reason();
  EXPECT_EQ(ConfidenceSentence(event), "unknown.");
}

TEST_F(EvidenceText, ShowsAConfidenceOfALaterDaemon) {
  event.set_confidence(static_cast<v1::Confidence>(77));
  EXPECT_EQ(ConfidenceSentence(event), "unknown-77.");
  EXPECT_EQ(AdviceOn(event), "");
}

}  // namespace
}  // namespace procwall
