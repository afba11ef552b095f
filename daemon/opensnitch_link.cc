// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_link.h"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <deque>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/background_thread.h"
#include "base/file.h"
#include "base/guarded.h"
#include "base/printable.h"
#include "daemon/opensnitch_alerts.h"
#include "daemon/opensnitch_asker.h"
#include "daemon/opensnitch_config.h"
#include "daemon/opensnitch_dial.h"
#include "daemon/opensnitch_grpc.h"
#include "daemon/opensnitch_session.h"
#include "daemon/opensnitch_statistics.h"
#include "rules/accounts.h"

namespace procwall {
namespace {

using std::chrono::milliseconds;

// What GUIs of a dialect take for a daemon of their own version.
constexpr const char* kVersion15 = "1.5.8";
constexpr const char* kVersion16 = "1.6.9";
constexpr Uid kNobody = 65534;
constexpr milliseconds kLongestPause = std::chrono::seconds(1);
constexpr milliseconds kLongestRedial = std::chrono::seconds(10);
// A conversation that lasted so long was a good one.
constexpr std::chrono::seconds kGoodConversation{10};
constexpr std::chrono::seconds kLongestQuestion{120};
// A question waits so long for the digests of its program, and a second's news for those of all.
constexpr milliseconds kHashesOfQuestion{1000};
constexpr milliseconds kHashesOfNews{200};

std::string FirstLine(const char* file) {
  std::string text = ReadFileAt(AT_FDCWD, file, 4096).value_or("");
  return text.substr(0, text.find('\n'));
}

struct Conversation {
  std::unique_ptr<GuiWire> wire;
  std::unique_ptr<OpensnitchSession> session;
  std::shared_ptr<OpensnitchAsker> asker{};  // attached
  std::optional<Uid> peer{};
  BootTime opened{};
};

class Link final : public OpensnitchLink, private GuiHost {
 public:
  Link(Parts parts, Wakeup wakeup)
      : parts_(std::move(parts)),
        clock_(parts_.commands.clock),
        wakeup_(std::make_shared<const Wakeup>(std::move(wakeup))),
        mailbox_(std::make_shared<LinkMailbox>(wakeup_)),
        commands_(parts_.commands),
        started_(clock_.Now()) {
    if (parts_.status != nullptr) alerts_.emplace(*parts_.status, clock_);
    thread_ = std::thread([this] { Run(); });
  }

  ~Link() override {
    stopping_.store(true);
    wakeup_->Wake();
    thread_.join();
  }

  GuiState State() const override { return state_.Copy(); }

 private:
  void Run() {
    BeginBackgroundThread("opensnitch-gui");
    while (!stopping_.load()) {
      try {
        Round();
      } catch (const std::exception& error) {  // of a library
        spdlog::error("event=gui_failed reason=\"{}\"", Printable(error.what()));
        HangUp("something failed here: " + std::string(error.what()));
      }
      Wait();
    }
    HangUp("procwalld ends");
  }

  void Round() {
    if (!talk_ && clock_.Now() >= next_dial_) Dial();
    for (const auto& wish : mailbox_->TakeAll()) wish();
    ReadEvents();
    commands_.Work();
    if (!talk_) return;
    talk_->session->Work();
    if (talk_->session->IsOpen() && !talk_->asker) Attach();
    AskWaiting();
    SendAlerts();
    if (talk_->session->HasEnded()) HangUp(talk_->session->WhyEnded());
  }

  void Wait() {
    BootTime next = clock_.Now() + kLongestPause;
    if (talk_) next = std::min(next, talk_->session->NextTime());
    if (!talk_) next = std::min(next, next_dial_);
    if (const auto task = commands_.NextTime()) next = std::min(next, *task);
    const auto pause = std::chrono::ceil<milliseconds>(next - clock_.Now());
    pollfd waiting{wakeup_->UnsafeFd(), POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(std::max<milliseconds::rep>(pause.count(), 0)));
    wakeup_->Clear();
  }

  // The beginning and the end of a conversation.

  void Dial() {
    auto dialled = DialGui(parts_.address, parts_.users, SystemAccounts(), parts_.tls);
    if (!dialled) {
      next_dial_ = clock_.Now() + parts_.redial;
      return Tell({.why_not = dialled.error()});
    }
    ++conversations_;
    talk_.emplace();
    talk_->wire = MakeGuiWire(std::move(dialled->channel), wakeup_);
    talk_->peer = dialled->peer;
    talk_->session = std::make_unique<OpensnitchSession>(OpensnitchSession::Parts{
        *talk_->wire, *this, clock_, parts_.dialect, parts_.commands.aliases});
  }

  void Attach() {
    talk_->opened = clock_.Now();
    talk_->asker = std::make_shared<OpensnitchAsker>(
        mailbox_, OpensnitchAsker::Reactions{
                      .ask = [this](const QuestionPtr& question) { waiting_.push_back(question); },
                      .settled = [this](QuestionId id) { Forget(id); }});
    if (!parts_.desk.attach(talk_->asker)) spdlog::warn("event=gui_not_asked, too many others are");
    Tell({.connected = true, .dialect = talk_->session->Dialect()});
  }

  void HangUp(const std::string& why) {
    if (!talk_) return;
    const Conversation ended = *std::exchange(talk_, std::nullopt);
    if (ended.asker) parts_.desk.detach(ended.asker);
    waiting_.clear();
    commands_.Forget();
    const bool was_good = ended.asker && clock_.Now() - ended.opened >= kGoodConversation;
    redial_ = was_good ? parts_.redial : std::min(redial_ * 2, kLongestRedial);
    // Not at once even then: its GUI forgets us by our address when it notices the end.
    next_dial_ = clock_.Now() + (was_good ? parts_.redial : redial_);
    Tell({.dialect = ended.session->Dialect(), .why_not = why});
  }

  // Logs what is new, once.
  void Tell(GuiState news) {
    const auto state = state_.Lock();
    news.asked = state->asked;
    news.answered = state->answered;
    if (news == *state) return;
    const std::string dialect = news.dialect ? GuiDialectName(*news.dialect) : "unknown";
    if (news.connected) {
      spdlog::info("event=gui_connected address=\"{}\" dialect={}", parts_.address.ToString(),
                   dialect);
    } else if (news.why_not != state->why_not) {
      spdlog::info("event=gui_not_connected address=\"{}\" reason=\"{}\"",
                   parts_.address.ToString(), Printable(news.why_not));
    }
    *state = std::move(news);
  }

  // Questions.

  void AskWaiting() {
    while (!waiting_.empty() && talk_->session->CanAsk()) {
      const QuestionPtr question = waiting_.front();
      waiting_.pop_front();
      const auto left = std::chrono::floor<milliseconds>(question->deadline - clock_.WallNow());
      const auto limit = std::clamp<milliseconds>(left, std::chrono::seconds(1), kLongestQuestion);
      const GuiQuestion about{question->connection, *question->attribution, question->host,
                              HashesOf(*question->attribution, clock_.Now() + kHashesOfQuestion)};
      if (talk_->session->Ask(question->id, about, limit)) ++state_.Lock()->asked;
    }
  }

  // What is known by then.
  HashesPtr HashesOf(const Attribution& attribution, BootTime until) const {
    const bool can_be_told = parts_.hashes_of && TalkDialect() != GuiDialect::k15;
    if (!can_be_told || attribution.processes.empty()) return nullptr;
    const auto left = std::chrono::floor<milliseconds>(until - clock_.Now());
    return parts_.hashes_of(attribution.processes.front(), std::max(left, milliseconds(0)));
  }

  void Forget(QuestionId id) {
    std::erase_if(waiting_, [&](const QuestionPtr& question) { return question->id == id; });
    if (talk_) talk_->session->Forget(id);
  }

  void OnAnswer(std::uint64_t question, tl::expected<Rule, std::string> answer) override {
    if (!answer) {
      spdlog::warn("event=gui_gave_no_answer question={} reason=\"{}\"", question,
                   Printable(answer.error()));
      return;
    }
    if (!talk_ || !talk_->asker) return;
    ++state_.Lock()->answered;
    const AnswerReceipt receipt =
        parts_.desk.answer(question, talk_->asker, {.rule = *std::move(answer)});
    if (receipt.kind == AnswerReceipt::Kind::kTaken) return;
    spdlog::info("event=gui_answer_not_taken question={} reason=\"{}\"", question,
                 Printable(receipt.what));
  }

  // What it is told.

  GuiNode Node() override {
    const bool is_old = TalkDialect() == GuiDialect::k15;
    const Settings& settings = parts_.commands.settings;
    const auto file = settings.config_file.empty()
                          ? Result<std::string>("")
                          : ReadFileAt(AT_FDCWD, settings.config_file.c_str(), 1 << 20);
    return {.host_name = FirstLine("/proc/sys/kernel/hostname"),
            .kernel_version =
                FirstLine(is_old ? "/proc/sys/kernel/version" : "/proc/sys/kernel/osrelease"),
            .intercepts = parts_.commands.interception.IsOn(),
            .config = GuiConfig(file.value_or(""), settings),
            .log_level = static_cast<std::uint32_t>(settings.log_level),
            .rules = *parts_.commands.listed()};
  }

  GuiStatistics Statistics() override {
    const Counters& counters = parts_.counters;
    GuiStatistics statistics = statistics_.Collect();
    const BootTime until = clock_.Now() + kHashesOfNews;
    for (GuiEvent& event : statistics.events) {
      event.hashes = HashesOf(event.event->attribution, until);
    }
    const bool is_old = TalkDialect() == GuiDialect::k15;
    statistics.version = !parts_.version.empty() ? parts_.version
                         : is_old                ? kVersion15
                                                 : kVersion16;
    statistics.rules = parts_.commands.listed()->size();
    statistics.uptime_seconds = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::seconds>(clock_.Now() - started_).count());
    statistics.dns_answers = counters.dns_answers.Get();
    statistics.accepted = counters.allowed.Get();
    statistics.dropped = counters.denied.Get() + counters.rejected.Get();
    statistics.connections = statistics.accepted + statistics.dropped;
    statistics.ignored = counters.unparsable.Get();
    return statistics;
  }

  void OnDelivered() override { statistics_.OnDelivered(); }

  std::optional<GuiDialect> TalkDialect() const {
    return talk_ && talk_->session ? talk_->session->Dialect() : parts_.dialect;
  }

  void ReadEvents() {
    for (std::size_t i = 0; i < EventLog::kCapacity; ++i) {
      const EventLog::Read read = parts_.events.Next(position_);
      if (!read.event) return;
      statistics_.Add(read.event);
    }
  }

  void SendAlerts() {
    if (!alerts_ || !talk_->session->IsOpen() || TalkDialect() == GuiDialect::k15) return;
    for (const GuiAlert& alert : alerts_->Look()) talk_->session->Alert(alert);
  }

  // What it wants.

  void OnNotification(GuiDialect dialect, GuiNotification notification) override {
    const std::uint64_t conversation = conversations_;
    commands_.Do(std::move(notification),
                 {.dialect = dialect,
                  .peer = talk_->peer.value_or(kNobody),
                  .reply = [this, conversation, mailbox = mailbox_](const GuiReply& reply) {
                    mailbox->Post([this, conversation, reply] {
                      if (talk_ && conversation == conversations_) talk_->session->Reply(reply);
                    });
                  }});
  }

  const Parts parts_;
  const Clock& clock_;
  const std::shared_ptr<const Wakeup> wakeup_;
  const std::shared_ptr<LinkMailbox> mailbox_;
  Guarded<GuiState> mutable state_;
  std::atomic<bool> stopping_{false};

  // The thread's own.
  OpensnitchCommands commands_;
  OpensnitchStatistics statistics_{OpensnitchStatistics::Limits{}};
  std::optional<OpensnitchAlerts> alerts_{};
  std::uint64_t position_ = 1;  // in the event log
  const BootTime started_;
  std::optional<Conversation> talk_;
  std::uint64_t conversations_ = 0;
  std::deque<QuestionPtr> waiting_;  // to be put to the GUI
  BootTime next_dial_{};
  milliseconds redial_{500};  // after bad conversations, doubled before it is used
  std::thread thread_;        // last: it uses all of the above
};

}  // namespace

tl::expected<std::unique_ptr<OpensnitchLink>, std::string> OpensnitchLink::Start(Parts parts) {
  auto wakeup = Wakeup::Create();
  if (!wakeup) return tl::unexpected(wakeup.error().ToString());
  return std::make_unique<Link>(std::move(parts), *std::move(wakeup));
}

}  // namespace procwall
