// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/notify.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "ui/interrupt.h"

namespace procwall {
namespace {

// Shows what is worth it, and remembers why that failed. Thread rule: any thread.
class Notifier {
 public:
  explicit Notifier(NoticeSink& sink) : sink_(sink) {}

  // False: it cannot be shown.
  bool OnEvent(const v1::Event& event) {
    const std::lock_guard lock(mutex_);
    return Show(notices_.OnEvent(event, std::chrono::steady_clock::now()));
  }
  bool OnQuestions(std::uint64_t open) {
    const std::lock_guard lock(mutex_);
    return Show(notices_.OnQuestions(open, std::chrono::steady_clock::now()));
  }
  std::string Problem() {
    const std::lock_guard lock(mutex_);
    return problem_;
  }

 private:
  bool Show(const std::optional<DesktopNotice>& notice) {
    if (!problem_.empty()) return false;
    if (!notice) return true;
    if (const auto shown = sink_.Show(*notice); !shown) problem_ = shown.error();
    return problem_.empty();
  }

  std::mutex mutex_;
  NoticeSink& sink_;
  DesktopNotices notices_;
  std::string problem_;
};

// Asks how many questions are open, again and again, on a thread of its own: who only shows that
// they are there must not be one of those who answer them, or packets would wait for it.
class QuestionPoll {
 public:
  QuestionPoll(DaemonClient& client, Notifier& notifier, std::chrono::milliseconds interval)
      : client_(client), stub_(client.Stub()), notifier_(notifier), interval_(interval) {
    thread_ = std::thread([this] { Run(); });
  }
  ~QuestionPoll() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  QuestionPoll(const QuestionPoll&) = delete;
  QuestionPoll& operator=(const QuestionPoll&) = delete;

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!ended_) {
      lock.unlock();
      grpc::ClientContext context;
      context.set_deadline(std::chrono::system_clock::now() + DaemonClient::kDeadline);
      v1::StatusResponse status;
      // A daemon that does not answer ends the watch as well.
      const bool answered = stub_.Status(&context, {}, &status).ok();
      if (answered && !notifier_.OnQuestions(status.counters().questions())) client_.Cancel();
      lock.lock();
      changed_.wait_for(lock, interval_, [this] { return ended_; });
    }
  }

  DaemonClient& client_;
  v1::Procwall::Stub& stub_;
  Notifier& notifier_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace

ExitCode RunNotify(DaemonClient& client, const Console& console) {
  auto bus = NotificationBus::Open();
  if (!bus) {
    console.err << "procwall: " << bus.error() << '\n';
    return kFailed;
  }
  return RunNotifyTo(*bus, {}, client, console);
}

ExitCode RunNotifyTo(NoticeSink& sink, const NotifyOptions& options, DaemonClient& client,
                     const Console& console) {
  const InterruptListener interrupt([&] { client.Cancel(); });
  const auto status = client.Status();
  if (!status) {
    PrintDaemonError(status.error(), console.err);
    return kFailed;
  }
  Notifier notifier(sink);
  std::optional<DaemonError> error;
  {
    const QuestionPoll poll(client, notifier, options.interval);
    error = client.Watch(0, [&](const v1::WatchResponse& response) {
      const bool goes_on = std::ranges::all_of(
          response.events(), [&](const v1::Event& event) { return notifier.OnEvent(event); });
      return goes_on ? DaemonClient::Continue::kMore : DaemonClient::Continue::kEnough;
    });
  }
  if (const std::string problem = notifier.Problem(); !problem.empty()) {
    console.err << "procwall: " << problem << '\n';
    return kFailed;
  }
  if (!error) return kSuccess;
  PrintDaemonError(*error, console.err);
  return kFailed;
}

}  // namespace procwall
