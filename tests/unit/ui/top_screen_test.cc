// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_screen.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_top.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::Not;

class TopScreenTest : public testing::Test {
 protected:
  TopScreenTest() {
    head.default_action = "deny";
    head.counts_bytes = true;
    dialogue.OnPrograms(model.Programs(SampleTopTime()));
  }
  void Type(const std::string& text) {
    for (const char c : text) dialogue.OnKey({Key::Kind::kCharacter, c}, {});
  }
  static std::string Text(const std::vector<StyledText>& lines, std::size_t width) {
    std::string text;
    for (const StyledText& line : lines) {
      EXPECT_LE(line.Width(), width);
      std::string rendered = line.Render(Colours::kOff);
      rendered.erase(rendered.find_last_not_of(' ') + 1);
      text += rendered + "\n";
    }
    return text;
  }
  // As the person sees it, without blanks at the ends of lines and empty lines above the keys.
  std::string Seen(ScreenSize size) {
    const TopPicture picture = TopScreen(dialogue, head, size, SampleTopTime(), {}, users);
    EXPECT_EQ(picture.lines.size(), size.height);
    std::string text = Text(picture.lines, size.width);
    for (std::size_t gap = 0; (gap = text.find("\n\n\n")) != std::string::npos;) text.erase(gap, 1);
    return text;
  }

  TopModel model = SampleTopModel();
  TopDialogue dialogue{{}};
  TopHead head;
  UserNames users;
};

TEST_F(TopScreenTest, ShowsProgramsOnASmallScreen) {
  EXPECT_EQ(Seen({80, 24}), R"(procwall top: enforcing, without a rule: deny
3 programs, 2 live, 1 allowed, 2 denied, 0.3/s, in 120kB/s, out 3.2kB/s

  PROGRAM / OTHER SIDE          STATE       RULE                DENY  IN/s OUT/s
> + /usr/bin/curl 4211          1 live                             1  120k  3.2k
  + unknown: no-socket        ? 1 place                            1
  + /usr/sbin/sshd 700        ~ 1 live                                   0     0

Enter info  d deny  a allow  c cut  / filter  s by rate  ? help  q quit
)");
}

TEST_F(TopScreenTest, ShowsTheirOtherSidesWhenTheyAreOpen) {
  Type("e");
  EXPECT_EQ(Seen({80, 24}), R"(procwall top: enforcing, without a rule: deny
3 programs, 2 live, 1 allowed, 2 denied, 0.3/s, in 120kB/s, out 3.2kB/s

  PROGRAM / OTHER SIDE          STATE       RULE                DENY  IN/s OUT/s
> - /usr/bin/curl 4211          1 live                             1  120k  3.2k
      example.org:443 tcp       ESTAB       allow-curl                120k  3.2k
      ads.example:443 tcp       denied      no-ads                 1
  - unknown: no-socket        ? 1 place                            1
      [2001:db8::53]:53 udp   ? denied      no rule: default       1
  - /usr/sbin/sshd 700        ~ 1 live                                   0     0
      198.51.100.7 to :22 tcp ~ ESTAB                                    0     0

Enter info  d deny  a allow  c cut  / filter  s by rate  ? help  q quit
)");
}

TEST_F(TopScreenTest, HasAllColumnsOnALargeScreen) {
  Type("e");
  EXPECT_EQ(Seen({200, 60}), R"(procwall top: enforcing, without a rule: deny
3 programs, 2 live, 1 allowed, 2 denied, 0.3/s, in 120kB/s, out 3.2kB/s

  PROGRAM / OTHER SIDE                                                     PROTO STATE       RULE                                             CONFIDENCE ALLOW  DENY   /s  IN/s OUT/s    IN   OUT   LAST
> - /usr/bin/curl 4211                                                           1 live                                                       certain        1     1  0.2  120k  3.2k  290k  7.4k    now
      example.org:443                                                      tcp   ESTAB       allow-curl                                       certain        1        0.1  120k  3.2k  290k  7.4k    now
      ads.example:443                                                      tcp   denied      no-ads                                           certain              1  0.1                            4 s
  - unknown: no-socket                                                           1 place                                                      unknown              1  0.1                            4 s
      [2001:db8::53]:53                                                    udp   denied      no rule: default                                 unknown              1  0.1                            4 s
  - /usr/sbin/sshd 700                                                           1 live                                                       likely                          0     0  1.0k   50k    now
      198.51.100.7 to :22                                                  tcp   ESTAB                                                        likely                          0     0  1.0k   50k    now

Enter info  d deny  a allow  c cut  / filter  s by rate  Space pause  ? help  q quit
)");
}

TEST_F(TopScreenTest, WithoutFlowsItCountsDecisionsAndSaysWhy) {
  model.OnNoFlows();
  head.counts_bytes = false;
  head.note = "decisions only: this procwalld does not tell of live connections";
  dialogue.OnPrograms(model.Programs(SampleTopTime()));
  Type("e");
  EXPECT_EQ(Seen({80, 24}), R"(procwall top: enforcing, without a rule: deny
2 programs, 1 allowed, 2 denied, 0.3/s
decisions only: this procwalld does not tell of live connections
  PROGRAM / OTHER SIDE          STATE       RULE                ALLOW  DENY   /s
> - /usr/bin/curl 4211          2 places                            1     1  0.2
      example.org:443 tcp       allowed     allow-curl              1        0.1
      ads.example:443 tcp       denied      no-ads                        1  0.1
  - unknown: no-socket        ? 1 place                                   1  0.1
      [2001:db8::53]:53 udp   ? denied      no rule: default              1  0.1

Enter info  d deny  a allow  c cut  / filter  s by rate  ? help  q quit
)");
}

TEST_F(TopScreenTest, ShowsTheRuleBeforeItIsSaved) {
  Type("ejd");
  EXPECT_EQ(Seen({80, 24}), R"(procwall top: enforcing, without a rule: deny

Program    /usr/bin/curl 4211
to         example.org:443

Action a d deny
Reach    s > this program to example.org port 443
             this program to example.org
             this program to example.org and all below it
             this program to 93.184.216.34
             this program to port 443 anywhere
             this program anywhere
Time     t > always     until restart     15 min

Rule       deny always "deny-always-curl-example.org-443" if process.path is
           exactly /usr/bin/curl and dest.host is example.org and dest.port is
           443

           Enter saves it and puts it in force, Esc does not

Enter saves   s reach   t time   a allow   d deny   Esc back
)");
}

TEST_F(TopScreenTest, AsksBeforeItCuts) {
  Type("c");
  EXPECT_THAT(Seen({80, 24}), HasSubstr("Cut 1 connection of /usr/bin/curl?\n"));
}

TEST_F(TopScreenTest, ShowsTheFilterWhileItIsTyped) {
  Type("/curl");
  EXPECT_THAT(Seen({80, 24}), HasSubstr("\nFilter: curl_\n"));
  dialogue.OnKey({Key::Kind::kEnter, '\0'}, {});
  EXPECT_THAT(Seen({80, 24}), HasSubstr("\nFilter: curl   (Esc: none)\n"));
  Type("/nonsense");
  EXPECT_THAT(Seen({80, 24}), HasSubstr("  Nothing fits the filter.\n"));
}

TEST_F(TopScreenTest, SaysWhatIsWrong) {
  head.missed = 12;
  EXPECT_THAT(Seen({80, 24}), HasSubstr("\n12 decisions were missed: this terminal is too slow\n"));
  head.problem = "no daemon answers";
  EXPECT_THAT(Seen({80, 24}), HasSubstr("\nno daemon answers\n"));
  Type(" ");
  EXPECT_THAT(Seen({80, 24}), HasSubstr("deny   paused\n"));
}

TEST_F(TopScreenTest, TheListFollowsTheRowThatIsLookedAt) {
  Type("ejjjjjj");
  const std::string seen = Seen({80, 8});
  EXPECT_THAT(seen, HasSubstr("\n>     198.51.100.7 to :22 tcp ~ ESTAB"));
  EXPECT_THAT(seen, Not(HasSubstr("curl")));
}

TEST_F(TopScreenTest, DetailsShowLiveConnectionsAndTheExplanation) {
  Type("ej");
  dialogue.OnKey({Key::Kind::kEnter, '\0'}, {});
  EXPECT_THAT(Seen({80, 24}), HasSubstr("Asking the daemon for the evidence ...\n"));
  TopReply reply;
  reply.kind = TopReply::Kind::kExplained;
  reply.row = dialogue.ShownDetails().row;
  *reply.explanation.mutable_event() = SampleEvent();
  dialogue.OnReply(reply);
  const std::string seen = Seen({80, 40});
  EXPECT_THAT(seen, HasSubstr("Live       tcp 192.0.2.10:40000 to 93.184.216.34:443, ESTABLISHED"));
  EXPECT_THAT(seen, HasSubstr("sent 7.4kB,\n           received 290kB, since 1 min 15 s\n"));
  EXPECT_THAT(seen, HasSubstr("Decision 7 at"));
}

TEST_F(TopScreenTest, WithoutAnExplanationTheDecisionsOwnEvidenceIsShown) {
  Type("ej");
  dialogue.OnKey({Key::Kind::kEnter, '\0'}, {});
  TopReply reply;
  reply.kind = TopReply::Kind::kNotExplained;
  reply.row = dialogue.ShownDetails().row;
  reply.what = "it is forgotten";
  dialogue.OnReply(reply);
  const std::string seen = Seen({80, 40});
  EXPECT_THAT(seen, HasSubstr("the daemon does not explain it: it is forgotten"));
  EXPECT_THAT(seen, HasSubstr("curl -s https://example.org"));
}

TEST_F(TopScreenTest, FitsWhateverTheSizeIs) {
  for (const char* keys : {"", "e", "?", "?d", "\x1b", "q"}) {
    Type(keys);
    for (std::size_t width = 1; width < 210; width += 13) {
      for (std::size_t height = 0; height < 40; height += 3) Seen({width, height});
    }
  }
}

TEST_F(TopScreenTest, HostileNamesAreHarmless) {
  v1::Event event = SampleEvent();
  event.set_sequence(100);
  event.mutable_time()->set_seconds(kSampleTopSeconds);
  event.mutable_process()->set_path("/tmp/\x1b[2J\n" + std::string(5000, 'x'));
  event.set_dst_host("a\x1b]0;title\x07\xe2\x80\xae");
  event.set_rule(
      "\x9b"
      "31m");
  model.OnEvent(event);
  dialogue.OnPrograms(model.Programs(SampleTopTime()));
  Type("e");
  for (const ScreenSize size : {ScreenSize{80, 24}, ScreenSize{200, 60}}) {
    const std::string seen = Seen(size);
    EXPECT_EQ(seen.find('\x1b'), std::string::npos);
    EXPECT_EQ(seen.find('\x9b'), std::string::npos);
    EXPECT_EQ(seen.find("\xe2\x80\xae"), std::string::npos);
  }
}

TEST_F(TopScreenTest, APageHasAllRows) {
  Type("e");
  const std::string page = Text(TopPage(dialogue, head, 160, SampleTopTime()), 160);
  EXPECT_EQ(std::count(page.begin(), page.end(), '\n'), 10);
  EXPECT_THAT(page, Not(HasSubstr("quit")));
}

}  // namespace
}  // namespace procwall
