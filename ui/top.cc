// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top.h"

#include <poll.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/timestamp.pb.h>

#include "ui/full_screen.h"
#include "ui/interrupt.h"
#include "ui/key_reader.h"
#include "ui/own_addresses.h"
#include "ui/time_text.h"
#include "ui/top_feed.h"
#include "ui/top_json.h"
#include "ui/top_screen.h"

namespace procwall {
namespace {

constexpr int kRedrawMs = 250;      // the terminal's size, and what was decided meanwhile
constexpr int kKeySequenceMs = 50;  // the bytes of one key come together
constexpr std::chrono::milliseconds kFresh{500};  // rows are made anew so often
constexpr std::size_t kPageWidth = 160;           // of a file or a pipe

TopTime Now() { return std::chrono::system_clock::now(); }

std::chrono::seconds UtcOffset() {
  google::protobuf::Timestamp now;
  now.set_seconds(
      std::chrono::duration_cast<std::chrono::seconds>(Now().time_since_epoch()).count());
  return UtcOffsetAt(now);
}

TopView ViewOf(const TopOptions& options) {
  TopView view;
  view.sort = options.sort;
  view.filter = options.filter;
  view.all_open = options.once || options.form == OutputForm::kJson;
  return view;
}

// What is heard goes into the model, what the model makes of it into the dialogue.
class TopSession {
 public:
  TopSession(const TopOptions& options, DaemonClient& client, const v1::StatusResponse& status,
             const Wakeup& heard)
      : feed_(client, options.interval, heard), dialogue_(ViewOf(options)) {
    head_.observes = status.mode() == "observe";
    head_.default_action = status.default_action();
  }

  void Hear() {
    TopFeed::News news = feed_.TakeAll();
    for (const v1::Event& event : news.events) model_.OnEvent(event);
    head_.missed += news.missed;
    head_.problem = news.problem;
    looks_ = news.looks;
    for (const TopReply& reply : news.replies) dialogue_.OnReply(reply);
    if (news.flows.kind == TopFeed::Flows::Kind::kTold) {
      model_.OnFlows(news.flows.flows, Now());
      head_.counts_bytes = news.flows.counts_bytes;
      head_.note = news.flows.counts_bytes
                       ? ""
                       : "bytes are not counted: sysctl net.netfilter.nf_conntrack_acct=1";
    } else if (news.flows.kind == TopFeed::Flows::Kind::kNotTold) {
      model_.OnNoFlows();
      head_.counts_bytes = false;
      head_.note = news.flows.why_not;
    }
  }
  void Refresh() { dialogue_.OnPrograms(model_.Programs(Now())); }

  TopFeed& Feed() { return feed_; }
  TopDialogue& Dialogue() { return dialogue_; }
  const TopHead& Head() const { return head_; }
  std::uint64_t Looks() const { return looks_; }

 private:
  TopFeed feed_;
  TopModel model_{OwnAddresses()};
  TopDialogue dialogue_;
  TopHead head_;
  std::uint64_t looks_ = 0;
};

class TopTerminal {
 public:
  TopTerminal(TopSession& session, const AskDevices& devices, Colours colours)
      : session_(session), in_fd_(devices.in_fd), screen_(devices.in_fd, devices.out_fd, colours) {}

  void Run(const Wakeup& heard, const std::atomic<bool>& interrupted) {
    while (!interrupted.load() && !session_.Dialogue().IsOver()) {
      session_.Hear();
      const auto now = std::chrono::steady_clock::now();
      if (now >= refresh_) {
        session_.Refresh();
        refresh_ = now + kFresh;
      }
      Show();
      std::array<pollfd, 2> fds{{{heard.UnsafeFd(), POLLIN, 0}, {in_fd_, POLLIN, 0}}};
      const int ready =
          ::poll(fds.data(), fds.size(), keys_.IsInSequence() ? kKeySequenceMs : kRedrawMs);
      if (ready == 0) OnKeys(keys_.Flush());
      if (ready <= 0) continue;
      if ((fds[0].revents & POLLIN) != 0) {
        heard.Clear();
        refresh_ = {};
      }
      if (fds[1].revents == 0) continue;
      const std::string typed = screen_.ReadKeys();
      if (typed.empty()) return;  // the terminal has gone
      OnKeys(keys_.Read(typed));
    }
  }

 private:
  void OnKeys(const std::vector<Key>& keys) {
    for (const Key& key : keys) {
      for (TopRequest& request : session_.Dialogue().OnKey(key, extent_)) {
        session_.Feed().Ask(std::move(request));
      }
      // The next key is about what this one has made of the screen.
      Show();
    }
  }
  void Show() {
    TopPicture picture =
        TopScreen(session_.Dialogue(), session_.Head(), screen_.Size(), Now(), UtcOffset(), users_);
    extent_ = picture.extent;
    screen_.Show(picture.lines);
  }

  TopSession& session_;
  const int in_fd_;
  FullScreen screen_;
  KeyReader keys_;
  UserNames users_;
  TopDialogue::Extent extent_;
  std::chrono::steady_clock::time_point refresh_{};
};

void PrintPage(TopSession& session, const TopOptions& options, const Console& console) {
  session.Refresh();
  const TopTime now = Now();
  if (options.form == OutputForm::kJson) {
    for (const TopRow& row : session.Dialogue().Rows()) {
      if (row.place != nullptr) console.out << TopJson(row, now) << '\n';
    }
  } else {
    const std::size_t width = console.terminal.width == 0 ? kPageWidth : console.terminal.width;
    for (const StyledText& line : TopPage(session.Dialogue(), session.Head(), width, now)) {
      std::string text = line.Render(console.terminal.colours);
      while (text.ends_with(' ')) text.pop_back();
      console.out << text << '\n';
    }
  }
  console.out.flush();
}

// Pages, one after each interval, the first when there is a rate to be told.
void PrintPages(TopSession& session, const TopOptions& options, const Console& console,
                const Wakeup& heard, const std::atomic<bool>& interrupted) {
  auto due = std::chrono::steady_clock::now() + options.interval;
  while (!interrupted.load() && console.out) {
    pollfd fd{heard.UnsafeFd(), POLLIN, 0};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
    if (left.count() > 0) {
      if (::poll(&fd, 1, static_cast<int>(left.count())) > 0) heard.Clear();
      session.Hear();
      continue;
    }
    session.Hear();
    // A slow daemon's first answer about flows is waited for: it has a deadline.
    if (session.Looks() == 0) {
      due = std::chrono::steady_clock::now() + std::chrono::milliseconds(kRedrawMs);
      continue;
    }
    PrintPage(session, options, console);
    if (options.once) return;
    due += options.interval;
  }
}

}  // namespace

ExitCode RunTop(const TopOptions& options, DaemonClient& client, const Console& console,
                const AskDevices& devices) {
  const bool is_screen = options.form == OutputForm::kText && !options.once;
  if (is_screen && !devices.is_terminal) {
    console.err << "procwall: top needs a terminal; for programs there are --once and --json\n";
    return kUsage;
  }
  if (is_screen && console.terminal.is_dumb) {
    console.err << "procwall: top moves the cursor, which this terminal (TERM=dumb) cannot; there "
                   "are --once and --json\n";
    return kUsage;
  }
  auto heard = Wakeup::Create();
  if (!heard) {
    console.err << "procwall: " << heard.error().ToString() << '\n';
    return kFailed;
  }
  std::atomic<bool> interrupted{false};
  const InterruptListener interrupt([&] {
    interrupted.store(true);
    heard->Wake();
  });
  const auto status = client.Status();
  if (!status) {
    PrintDaemonError(status.error(), console.err);
    return kFailed;
  }
  TopSession session(options, client, *status, *heard);
  if (is_screen) {
    TopTerminal(session, devices, console.terminal.colours).Run(*heard, interrupted);
  } else {
    PrintPages(session, options, console, *heard, interrupted);
  }
  return console.out ? kSuccess : kFailed;
}

}  // namespace procwall
