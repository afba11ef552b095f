// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask_screen.h"

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class AskScreenTest : public testing::Test {
 protected:
  void Ask(std::uint64_t id, const v1::Event& event = SampleEvent()) {
    v1::QuestionsResponse response;
    v1::Question& question = *response.mutable_asked();
    question.set_id(id);
    *question.mutable_event() = event;
    question.mutable_event()->mutable_process()->set_uid(4'000'000'000);  // nobody has this one
    question.mutable_deadline()->set_seconds(1000 + static_cast<std::int64_t>(id));
    question.set_default_action(v1::ACTION_DENY);
    question.set_flows(id);
    question.set_packets(id + 1);
    dialogue.OnResponse(response, now);
  }
  void Type(char character) {
    now += std::chrono::seconds(1);
    dialogue.OnKey({Key::Kind::kCharacter, character}, now);
  }
  // As the person sees it, without blanks at the ends of lines.
  std::string Seen(ScreenSize size) {
    std::string text;
    const auto at = std::chrono::system_clock::time_point(std::chrono::seconds(990));
    const auto lines = AskScreen(dialogue, size, at, users);
    EXPECT_LE(lines.size(), size.height);
    for (const StyledText& line : lines) {
      EXPECT_LE(line.Width(), size.width);
      std::string rendered = line.Render(Colours::kOff);
      rendered.erase(rendered.find_last_not_of(' ') + 1);
      text += rendered + "\n";
    }
    return text;
  }

  AskDialogue dialogue;
  AskDialogue::Time now{};
  UserNames users;
};

TEST_F(AskScreenTest, WithoutQuestionsItSaysWhatItIsFor) {
  EXPECT_EQ(Seen({80, 24}),
            R"(procwall ask: nothing to answer

Programs that no rule decides about will be asked about here.
up/down question   s reach   e evidence   x default   q quit
)");
}

TEST_F(AskScreenTest, ShowsOneQuestionOnASmallScreen) {
  Ask(1);
  EXPECT_EQ(Seen({80, 24}), R"(procwall ask: 1 question
>  11 s  /usr/bin/curl 4211  example.org:443

Program    /usr/bin/curl (pid 4211)
to         example.org (93.184.216.34) port 443, tcp
Command    curl -s https://example.org
Started by /usr/bin/bash (811), /usr/sbin/sshd (700)
User       4000000000
Sure       certain, because no other socket can have sent the packet, and every
           process that holds it runs this program.
Waiting    1 connection, 2 packets; without an answer in 11 s: deny

Reach   s  > this program to example.org port 443
             this program to example.org
             this program to example.org and all below it
             this program to 93.184.216.34
             this program to port 443 anywhere
             this program anywhere
Rule       if process.path is exactly /usr/bin/curl and dest.host is example.org
           and dest.port is 443
Allow      1 once   2 15 min   3 until restart   4 always
Deny       5 once   6 15 min   7 until restart   8 always
up/down question   s reach   e evidence   x default   q quit
)");
}

TEST_F(AskScreenTest, OfWhatComesInItShowsWhoCalls) {
  v1::Event event = SampleEvent();
  event.set_direction("incoming");
  event.set_src_ip("198.51.100.7");
  event.set_dst_ip("192.0.2.10");
  event.clear_dst_host();
  event.set_dst_port(22);
  Ask(1, event);
  const std::string seen = Seen({80, 24});
  EXPECT_THAT(seen, HasSubstr("\nfrom       198.51.100.7 to port 22, tcp\n"));
  EXPECT_THAT(seen, HasSubstr("> this program from 198.51.100.7 to port 22\n"));
  EXPECT_THAT(seen, testing::Not(HasSubstr("192.0.2.10")));
}

TEST_F(AskScreenTest, ListsAsManyQuestionsAsThereIsRoomFor) {
  for (std::uint64_t id = 1; id <= 20; ++id) Ask(id);
  EXPECT_THAT(Seen({80, 24}), HasSubstr("procwall ask: 20 questions\n"));
  EXPECT_THAT(Seen({200, 60}), HasSubstr("  18 s  /usr/bin/curl 4211  example.org:443  x8\n"));
}

TEST_F(AskScreenTest, TheListFollowsTheQuestionThatIsLookedAt) {
  for (std::uint64_t id = 1; id <= 20; ++id) Ask(id);
  for (int i = 0; i < 19; ++i) Type('j');
  EXPECT_THAT(Seen({200, 60}), HasSubstr(">  30 s  /usr/bin/curl 4211  example.org:443  x20\n"));
}

TEST_F(AskScreenTest, ShowsTheRuleBeforeItIsSaved) {
  Ask(1);
  Type('8');
  EXPECT_THAT(Seen({100, 30}),
              HasSubstr("deny always, saved as \"deny-always-curl-example.org-443\": Enter saves, "
                        "Esc does not\n"));
}

TEST_F(AskScreenTest, ShowsTheEvidenceWhenItIsWanted) {
  Ask(1);
  const std::string without = Seen({100, 40});
  Type('e');
  EXPECT_GT(Seen({100, 40}).size(), without.size());
}

TEST_F(AskScreenTest, TheKeysAndTheQuestionAreThereOnTheSmallestScreen) {
  Ask(1);
  const std::string seen = Seen({40, 8});
  EXPECT_THAT(seen, HasSubstr("procwall ask: 1 question\n"));
  EXPECT_THAT(seen, HasSubstr(">  11 s"));
}

TEST_F(AskScreenTest, FitsWhateverTheSizeIs) {
  for (std::uint64_t id = 1; id <= 20; ++id) Ask(id);
  for (std::size_t width = 1; width < 100; width += 7) {
    for (std::size_t height = 0; height < 40; ++height) Seen({width, height});
  }
}

TEST_F(AskScreenTest, HostileNamesAreHarmless) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path("/tmp/\x1b[2J\n" + std::string(5000, 'x'));
  event.mutable_process()->set_args(0,
                                    "\x9b"
                                    "31m\xe2\x80\xae");
  event.set_dst_host("a\x1b]0;title\x07");
  Ask(1, event);
  const std::string seen = Seen({80, 24});
  EXPECT_EQ(seen.find('\x1b'), std::string::npos);
  EXPECT_EQ(seen.find('\x9b'), std::string::npos);
  EXPECT_EQ(seen.find("\xe2\x80\xae"), std::string::npos);
}

}  // namespace
}  // namespace procwall
