// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/ask_dialogue.h"
#include "ui/ask_json.h"
#include "ui/ask_screen.h"
#include "ui/full_screen.h"
#include "ui/interrupt.h"
#include "ui/key_reader.h"
#include "ui/question_call.h"

namespace procwall {
namespace {

constexpr const char* kName = "procwall ask";
constexpr int kTickMs = 250;     // the time that is left, and the terminal's size
constexpr int kSequenceMs = 50;  // the bytes of one key come together

// Waits until the daemon or the person says something.
struct Waiting {
  bool heard = false;
  bool typed = false;
};
Waiting Wait(const Wakeup& heard, int in_fd, int timeout_ms) {
  std::array<pollfd, 2> fds{{{heard.UnsafeFd(), POLLIN, 0}, {in_fd, POLLIN, 0}}};
  if (::poll(fds.data(), fds.size(), timeout_ms) <= 0) return {};
  if ((fds[0].revents & POLLIN) != 0) heard.Clear();
  return {(fds[0].revents & POLLIN) != 0, fds[1].revents != 0};
}

DaemonError WhyEnded(const grpc::Status& status, const DaemonClient& client) {
  if (status.ok()) return {"procwalld has ended the questions", ""};
  return client.ErrorOf(status);
}

class ScreenDialogue {
 public:
  ScreenDialogue(QuestionCall& call, const AskDevices& devices, Colours colours)
      : call_(call), devices_(devices), screen_(devices.in_fd, devices.out_fd, colours) {}

  // Why it ended; nullopt: the person wanted it.
  std::optional<grpc::Status> Run(const Wakeup& heard, const std::atomic<bool>& interrupted) {
    while (!interrupted.load()) {
      Show();
      const Waiting waiting =
          Wait(heard, devices_.in_fd, keys_.IsInSequence() ? kSequenceMs : kTickMs);
      auto news = call_.TakeAll();
      for (const v1::QuestionsResponse& response : news.responses) {
        Say(dialogue_.OnResponse(response, Now()));
      }
      if (news.ended) return news.ended;
      if (!waiting.typed && !waiting.heard && OnKeys(keys_.Flush())) return std::nullopt;
      if (!waiting.typed) continue;
      const std::string typed = screen_.ReadKeys();
      if (typed.empty() || OnKeys(keys_.Read(typed))) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  static AskDialogue::Time Now() { return std::chrono::steady_clock::now(); }

  bool OnKeys(const std::vector<Key>& keys) {
    for (const Key& key : keys) {
      const auto effects = dialogue_.OnKey(key, Now());
      Say(effects);
      if (effects.quit) return true;
    }
    return false;
  }
  void Say(const AskDialogue::Effects& effects) {
    for (const v1::QuestionsRequest& request : effects.say) call_.Say(request);
  }
  void Show() {
    screen_.Show(AskScreen(dialogue_, screen_.Size(), std::chrono::system_clock::now(), users_));
  }

  QuestionCall& call_;
  const AskDevices& devices_;
  FullScreen screen_;
  AskDialogue dialogue_;
  KeyReader keys_;
  UserNames users_;
};

// Answers come in, and questions go out, a line each. When no more come in, it ends with the last
// receipt: whoever pipes answers in wants to see what became of them.
class JsonDialogue {
 public:
  JsonDialogue(QuestionCall& call, const AskDevices& devices, const Console& console)
      : call_(call), devices_(devices), console_(console) {}

  std::optional<grpc::Status> Run(const Wakeup& heard, const std::atomic<bool>& interrupted) {
    using Clock = std::chrono::steady_clock;
    std::optional<Clock::time_point> patience;  // since the end of the input
    while (!interrupted.load() && console_.out) {
      const Waiting waiting = Wait(heard, patience ? -1 : devices_.in_fd, kTickMs);
      auto news = call_.TakeAll();
      for (const v1::QuestionsResponse& response : news.responses) {
        console_.out << json_.OnResponse(response) << '\n';
        if (response.has_receipt() && unreceipted_ > 0) --unreceipted_;
      }
      if (!news.responses.empty()) console_.out.flush();
      if (news.ended) return news.ended;
      if (waiting.typed && !ReadLines()) patience = Clock::now() + kPatience;
      if (patience && (unreceipted_ == 0 || Clock::now() >= *patience)) return std::nullopt;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kMaxUnfinished = std::size_t{2} << 20;
  static constexpr std::chrono::seconds kPatience{5};

  // False: the input is at its end.
  bool ReadLines() {
    std::array<char, 65536> buffer{};
    const ssize_t count = ::read(devices_.in_fd, buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR || errno == EAGAIN;
    if (count == 0) return false;
    unfinished_.append(buffer.data(), static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = unfinished_.find('\n', begin)) != std::string::npos;) {
      OnLine(std::string_view(unfinished_).substr(begin, end - begin));
      begin = end + 1;
    }
    unfinished_.erase(0, begin);
    return unfinished_.size() <= kMaxUnfinished;
  }
  void OnLine(std::string_view line) {
    const auto request = json_.OnLine(line);
    if (!request) {
      console_.err << "procwall: " << request.error() << '\n' << std::flush;
      return;
    }
    if (request->has_answer()) ++unreceipted_;
    call_.Say(*request);
  }

  QuestionCall& call_;
  const AskDevices& devices_;
  const Console& console_;
  AskJson json_;
  std::string unfinished_;
  std::size_t unreceipted_ = 0;  // answers that were said
};

}  // namespace

ExitCode RunAsk(const AskOptions& options, DaemonClient& client, const Console& console,
                const AskDevices& devices) {
  if (options.form == OutputForm::kText && !devices.is_terminal) {
    console.err << "procwall: ask needs a terminal; for programs there is --json\n";
    return kUsage;
  }
  if (options.form == OutputForm::kText && console.terminal.is_dumb) {
    console.err << "procwall: ask moves the cursor, which this terminal (TERM=dumb) cannot; for "
                   "programs there is --json\n";
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
  std::optional<grpc::Status> ended;
  {
    QuestionCall call(client.Stub(), kName, *heard);
    ended = options.form == OutputForm::kJson
                ? JsonDialogue(call, devices, console).Run(*heard, interrupted)
                : ScreenDialogue(call, devices, console.terminal.colours).Run(*heard, interrupted);
  }
  if (!ended) return console.out ? kSuccess : kFailed;
  PrintDaemonError(WhyEnded(*ended, client), console.err);
  return kFailed;
}

}  // namespace procwall
