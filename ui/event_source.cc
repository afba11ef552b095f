// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_source.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "record/event_json.h"

namespace procwall {
namespace {

using Events = std::vector<RecordedEvent>;

constexpr std::uint32_t kAllTheDaemonKeeps = 4096;

std::optional<Events> ReadLines(std::istream& stream, const std::string& name, std::ostream& err) {
  Events events;
  std::string line;
  for (std::size_t number = 1; std::getline(stream, line); ++number) {
    if (line.empty()) continue;
    auto event = ParseRecordedEvent(line);
    if (!event) {
      err << fmt::format("procwall: {}:{}: {}\n", TerminalSafe(name), number, event.error());
      return std::nullopt;
    }
    events.push_back(*std::move(event));
  }
  return events;
}

// A watch does not say where the past ends: it is over when nothing more comes for a moment. Calls
// `give_up` then.
class Patience {
 public:
  explicit Patience(std::function<void()> give_up)
      : give_up_(std::move(give_up)), thread_([this] { Wait(); }) {}
  ~Patience() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

  void SomethingCame() {
    {
      const std::lock_guard lock(mutex_);
      ++came_;
    }
    changed_.notify_one();
  }

 private:
  void Wait() {
    constexpr std::chrono::milliseconds kUntilTheFirst{5000};
    constexpr std::chrono::milliseconds kUntilTheNext{300};
    std::unique_lock lock(mutex_);
    for (;;) {
      const std::uint64_t before = came_;
      const auto patience = before == 0 ? kUntilTheFirst : kUntilTheNext;
      const bool came =
          changed_.wait_for(lock, patience, [&] { return ended_ || came_ != before; });
      if (ended_) return;
      if (!came) break;
    }
    lock.unlock();
    give_up_();
  }

  std::function<void()> give_up_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t came_ = 0;  // guarded by mutex_
  bool ended_ = false;      // guarded by mutex_
  std::thread thread_;
};

std::optional<Events> AskDaemon(DaemonClient& client, std::ostream& err) {
  Events events;
  Patience patience([&] { client.Cancel(); });
  const auto error = client.Watch(kAllTheDaemonKeeps, [&](const v1::WatchResponse& response) {
    patience.SomethingCame();
    for (const v1::Event& told : response.events()) {
      if (auto event = ParseRecordedEvent(EventJson(told, 0))) events.push_back(*std::move(event));
    }
    return events.size() < kAllTheDaemonKeeps ? DaemonClient::Continue::kMore
                                              : DaemonClient::Continue::kEnough;
  });
  if (!error) return events;
  PrintDaemonError(*error, err);
  err << "Recorded decisions: --events FILE, of `procwall watch --json`.\n";
  return std::nullopt;
}

}  // namespace

std::optional<Events> ReadEvents(const std::string& source, DaemonClient& client,
                                 const Input& input, std::ostream& err) {
  if (source.empty()) return AskDaemon(client, err);
  if (source == "-") return ReadLines(input.stream, "standard input", err);
  std::ifstream file(source);
  if (!file) {
    err << fmt::format("procwall: cannot read {}\n", TerminalSafe(source));
    return std::nullopt;
  }
  return ReadLines(file, source, err);
}

}  // namespace procwall
