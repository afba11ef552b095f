// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_keeper.h"

#include <poll.h>

#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/background_thread.h"
#include "daemon/flow_note_message.h"
#include "daemon/judgement.h"
#include "net/flow_message.h"

namespace procwall {
namespace {

constexpr int kTableTries = 4;  // of a table that changes meanwhile
constexpr int kMostBatches = 16;
constexpr std::size_t kMany = 64;
constexpr std::uint32_t kUsualPage = 1000;
constexpr std::uint32_t kLargestPage = 10000;

Result<FlowKeeperDoors> OpenDoors(std::size_t buffer_bytes) {
  auto news = PROCWALL_TRY(FlowNewsSocket::Open(buffer_bytes));
  auto dumps = PROCWALL_TRY(NetlinkSocket::Open(NETLINK_NETFILTER));
  auto cuts = PROCWALL_TRY(NetlinkSocket::Open(NETLINK_NETFILTER));
  auto closes = PROCWALL_TRY(SocketDiag::Open());
  auto diag = PROCWALL_TRY(SocketDiag::Open());
  auto procfs = PROCWALL_TRY(Procfs::Open());
  return FlowKeeperDoors{std::move(news), std::move(dumps),
                         FlowCutter(std::move(closes), std::move(cuts)), std::move(procfs),
                         std::move(diag)};
}

using OnListed = std::function<void(const TrackedFlow& flow)>;

// What is listed may be listed twice, for a table that changes is read again.
Status ReadDump(NetlinkSocket& socket, const OnListed& each) {
  auto request = EncodeFlowDump();
  Status dumped;
  for (int i = 0; i < kTableTries; ++i) {
    dumped = socket.Request(request, [&each](Bytes message) -> Status {
      const auto news = DecodeFlowNews(message);
      if (news) each(news->flow);
      if (!news && news.error().code != Errc::kUnsupported) return news.error();
      return {};
    });
    if (dumped || dumped.error().code != Errc::kBusy) break;
  }
  return dumped;
}

// Asked whenever rules change. The default action is for what begins.
std::optional<Judgement> Objection(const RuleSet& rules, const Event& owner,
                                   const JudgementTime& now, const PacketsFacts& facts) {
  Judgement judged = Judge(rules, *owner.connection, owner.attribution, owner.host,
                           RuleAction::kAllow, now, facts, owner.sni);
  if (judged.action == RuleAction::kAllow) return std::nullopt;
  return judged;
}

// What came in unasked was not judged by us.
bool IsOursToJudge(const Flow& flow) {
  if (!flow.owner || !flow.owner->connection || IsClosing(flow.tracked)) return false;
  return flow.IsDecided() || flow.owner->connection->direction == Direction::kOutgoing;
}

FlowCutter::Port PortOf(const Flow& flow, const std::unordered_set<Endpoint>& shared) {
  return shared.contains(flow.tracked.original.source) ? FlowCutter::Port::kShared
                                                       : FlowCutter::Port::kOwn;
}

using DeniedFlow = std::pair<Flow, Judgement>;

// Whether its peer has answered, or what conntrack calls it, only a dump tells.
bool MustBeReadAgain(const DeniedFlow& denied) {
  const TrackedFlow& tracked = denied.first.tracked;
  return tracked.protocol != IpProtocol::kTcp || tracked.id == 0;
}

std::vector<DeniedFlow> DeniedBy(const RuleSet& rules, const JudgementTime& now,
                                 const PacketsFacts& facts, const FlowBook& book) {
  std::vector<DeniedFlow> denied;
  book.ForEach([&](const Flow& flow) {
    if (!IsOursToJudge(flow)) return;
    if (auto judged = Objection(rules, *flow.owner, now, facts)) {
      denied.emplace_back(flow, *std::move(judged));
    }
  });
  return denied;
}

std::optional<std::uint32_t> ParseToken(const std::string& token) {
  if (token.empty()) return 0;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (error != std::errc{} || end != token.data() + token.size()) return std::nullopt;
  return number;
}

FlowRefusal Unwanted() { return {FlowRefusal::Kind::kOverloaded, "nobody waits for it"}; }

std::string WhyNotCut(const Flow& flow, FlowCutter::Outcome outcome) {
  const std::string text = FlowText(flow.tracked);
  if (outcome == FlowCutter::Outcome::kEntryOnly) {
    return text + ": forgotten by conntrack, but its socket is not to be found: it may go on";
  }
  return text + ": the kernel refuses to cut it";
}

}  // namespace

Event CutEventOf(const Flow& flow, const Judgement& judged, WallTime now) {
  Event cut;
  if (flow.owner) cut = *flow.owner;
  if (!flow.owner) {
    cut.connection = AsOutgoing(flow.tracked);
    cut.attribution.confidence = Confidence::kUnknown;
    cut.attribution.unknown_reason = UnknownReason::kNoHolder;
  }
  cut.time = now;
  cut.action = cut.judged_action = judged.action;
  cut.reason = judged.reason;
  cut.rule = judged.rule;
  cut.shadows.clear();
  cut.cut = true;
  cut.latency = cut.parked = cut.asked = {};
  return cut;
}

tl::expected<std::unique_ptr<FlowKeeper>, std::string> FlowKeeper::Start(
    const FlowKeeperParts& parts) {
  auto doors = OpenDoors(parts.buffer_bytes);
  if (!doors) return tl::unexpected(doors.error().ToString());
  auto asked = Wakeup::Create();
  if (!asked) return tl::unexpected(asked.error().ToString());
  // Does this kernel tell at all?
  auto request = EncodeFlowDump();
  const Status answered = doors->dumps.Request(request, [](Bytes) { return Status{}; });
  if (!answered && answered.error().code != Errc::kBusy) {
    return tl::unexpected("conntrack's flows cannot be read: " + answered.error().ToString());
  }
  return std::make_unique<FlowKeeper>(parts, *std::move(doors), *std::move(asked));
}

FlowKeeper::FlowKeeper(const FlowKeeperParts& parts, FlowKeeperDoors doors, Wakeup asked)
    : parts_(parts),
      accounting_(parts.accounting),
      doors_(std::move(doors)),
      owners_(parts.clock, std::move(doors_.procfs), std::move(doors_.diag)),
      book_([this](FlowNote::What what, const Flow& flow) { Tell(what, flow); }),
      position_(parts.events.PositionOfRecent(EventLog::kCapacity)),
      tasks_(kMostQuestions),
      asked_(std::make_shared<const Wakeup>(std::move(asked))),
      thread_([this] { Run(); }) {
  parts_.log.WakeOnListening(asked_);
}

FlowKeeper::~FlowKeeper() {
  stopping_.store(true);
  asked_->Wake();
  thread_.join();
}

void FlowKeeper::RulesChanged() {
  rules_changed_.store(true);
  asked_->Wake();
}

void FlowKeeper::Ask(Task task, const std::function<void(FlowRefusal)>& refuse) {
  if (tasks_.TryPush(std::move(task)) == BoundedQueue<Task>::Pushed::kFull) {
    return refuse({FlowRefusal::Kind::kOverloaded, "too many ask about flows: try again"});
  }
  asked_->Wake();
}

void FlowKeeper::List(FlowListQuestion question) {
  const auto answer = question.answer;
  Ask(
      [this, question = std::move(question)] {
        question.answer(question.is_wanted() ? Listed(question.request)
                                             : tl::unexpected(Unwanted()));
      },
      [&answer](FlowRefusal why) { answer(tl::unexpected(std::move(why))); });
}

void FlowKeeper::Cut(FlowCutQuestion question) {
  const auto answer = question.answer;
  Ask(
      [this, question = std::move(question)] {
        question.answer(question.is_wanted() ? CutAll(question.request)
                                             : tl::unexpected(Unwanted()));
      },
      [&answer](FlowRefusal why) { answer(tl::unexpected(std::move(why))); });
}

std::vector<std::string> FlowKeeper::Notes() const {
  std::vector<std::string> notes;
  if (parts_.accounting == FlowAccounting::Consent::kYes) {
    if (std::string why = accounting_.WhyNot(); !why.empty()) notes.push_back(std::move(why));
  }
  if (!readable_.load()) notes.emplace_back("the flows of conntrack cannot be read: see the log");
  if (const auto times = overruns_.load(); times > 0) {
    notes.push_back(fmt::format(
        "{} times flows came and went faster than they were read; what lives was read again",
        times));
  }
  if (const auto flows = beyond_.load(); flows > 0) {
    notes.push_back(fmt::format("{} flows were not followed: more than {} lived at once", flows,
                                FlowBook::kMostFlows));
  }
  if (const auto decisions = missed_.load(); decisions > 0) {
    notes.push_back(fmt::format(
        "{} decisions came faster than they were read: their flows have no known program",
        decisions));
  }
  return notes;
}

// False: we are to end. `also_news`: conntrack's wake us, too.
bool FlowKeeper::Sleep(std::chrono::milliseconds pause, bool also_news) const {
  std::array<pollfd, 2> waiting{
      {{asked_->UnsafeFd(), POLLIN, 0}, {also_news ? doors_.news.UnsafeFd() : -1, POLLIN, 0}}};
  (void)::poll(waiting.data(), waiting.size(), static_cast<int>(pause.count()));
  if ((waiting[0].revents & POLLIN) != 0) asked_->Clear();
  return !stopping_.load();
}

void FlowKeeper::Run() {
  BeginBackgroundThread("flows");
  CatchUp();
  LookUpOwners();
  std::chrono::milliseconds pause{0};
  while (Sleep(pause, true)) {
    const std::size_t decided = CatchUp();
    if (rules_changed_.exchange(false)) JudgeAgain();
    auto tasks = tasks_.TakeAll();
    for (const Task& task : tasks) task();
    const bool is_busy = decided + NoteDecisions() >= kMany || book_.HasFresh() || must_read_all_;
    if (tasks.empty() && !Sleep(kPace, false)) break;
    // What came during that pause has woken us once already.
    const bool has_work = rules_changed_.load() || tasks_.Size() > 0;
    pause = has_work ? std::chrono::milliseconds(0) : is_busy ? kBusy : kIdle;
  }
  for (const Task& task : tasks_.TakeAll()) task();
}

std::size_t FlowKeeper::NoteDecisions() {
  using Beginnings = FlowBook::Beginnings;
  const bool is_heard = heard_ == FlowNewsSocket::News::kAll;
  std::size_t count = 0;
  for (auto read = parts_.events.Next(position_); read.event != nullptr;
       read = parts_.events.Next(position_)) {
    missed_.fetch_add(read.missed);
    book_.Decide(read.event, is_heard ? Beginnings::kTold : Beginnings::kUntold);
    ++count;
  }
  return count;
}

// False: there may be more.
bool FlowKeeper::HearNews() {
  using News = FlowNewsSocket::News;
  const bool is_heard = parts_.log.IsListening();
  const News wanted = is_heard ? News::kAll : News::kEnds;
  (void)doors_.news.Want(wanted);
  book_.TellAll(is_heard);
  if (std::exchange(heard_, wanted) !=
      wanted) {  // what lives is learnt first: it did not begin now
    must_read_all_ = true;
    return false;
  }
  for (int i = 0; i < kMostBatches; ++i) {
    const auto drained = doors_.news.Drain([this](const FlowNews& news) {
      book_.Hear(news, parts_.clock.Now(), parts_.clock.WallNow());
    });
    if (!drained) {
      must_read_all_ = true;
      return false;
    }
    undecodable_.fetch_add(drained->undecodable);
    if (drained->lost) {
      overruns_.fetch_add(1);
      must_read_all_ = true;
      Tell(FlowNote::What::kLost, {});
    }
    if (!drained->may_be_more) return true;
  }
  return false;
}

// Flows first: most decisions find theirs then, and need not be kept until it comes.
std::size_t FlowKeeper::CatchUp() {
  if (HearNews()) book_.SettleDisputes();
  const std::size_t decided = NoteDecisions();
  Compare(decided);
  if (must_read_all_) (void)ReadAll();
  book_.TellLate(parts_.clock.Now());
  beyond_.store(book_.Beyond());
  return decided;
}

// A flow that conntrack never had, or not any more, has no end that it could tell of.
void FlowKeeper::Compare(std::size_t decided) {
  decided_ += decided;
  const auto since = parts_.clock.Now() - compared_;
  const bool is_time = decided_ > 0 && since >= kBetweenComparisons;
  if (is_time || (decided_ >= kManyDecided && since >= kSoonestComparison)) must_read_all_ = true;
}

// The news that came meanwhile are heard before anything is taken for ended: the kernel tells of an
// end before the flow is gone from its table.
std::vector<TrackedFlow> FlowKeeper::ReadAll(Keep keep) {
  must_read_all_ = false;
  decided_ = 0;
  compared_ = parts_.clock.Now();
  std::vector<TrackedFlow> listed;
  book_.BeginListing();
  const Status dumped = ReadDump(doors_.dumps, [&](const TrackedFlow& flow) {
    book_.List(flow);
    if (keep == Keep::kAll) listed.push_back(flow);
  });
  if (dumped.has_value() != readable_.exchange(dumped.has_value()) && !dumped) {
    spdlog::warn("event=flows_unreadable reason=\"{}\"", dumped.error().ToString());
  }
  (void)HearNews();
  NoteDecisions();
  if (dumped) book_.EndListing();
  return listed;
}

void FlowKeeper::LookUpOwners() {
  const BootTime now = parts_.clock.Now();
  if (looked_up_ != BootTime{} && now - looked_up_ < kBetweenLookups) return;
  const std::vector<TrackedFlow> unowned = book_.TakeUnowned(now);
  if (unowned.empty()) return;
  for (FlowOwners::Owned& owned : owners_.Find(unowned)) {
    book_.SetOwner(owned.flow, owned.owner);
  }
  looked_up_ = parts_.clock.Now();
}

// Of all that rules may ask besides the decision itself.
PacketsFacts FlowKeeper::FactsNow() const {
  PacketsFacts facts;
  if (parts_.facts != nullptr) facts.profile = parts_.facts->Profile();
  return facts;
}

void FlowKeeper::JudgeAgain() {
  const auto rules = parts_.rules.Copy();
  const JudgementTime now{parts_.clock.Now(), parts_.clock.WallNow()};
  auto denied = DeniedBy(*rules, now, FactsNow(), book_);
  if (std::ranges::any_of(denied, &MustBeReadAgain)) {
    must_read_all_ = true;
    CatchUp();
    denied = DeniedBy(*rules, now, FactsNow(), book_);
  }
  const auto shared = book_.SharedPorts();
  for (const auto& [flow, judged] : denied) CutDenied(flow, judged, PortOf(flow, shared));
  JudgeUntracked(*rules, now);
}

void FlowKeeper::CutDenied(const Flow& flow, const Judgement& judged, FlowCutter::Port port) {
  const auto outcome = doors_.cutter.Cut(flow, port);
  if (outcome == FlowCutter::Outcome::kGone) return;
  if (outcome == FlowCutter::Outcome::kCut) {
    return parts_.events.Append(CutEventOf(flow, judged, parts_.clock.WallNow()));
  }
  spdlog::warn("event=flow_not_cut reason=\"{}\"", WhyNotCut(flow, outcome));
}

void FlowKeeper::JudgeUntracked(const RuleSet& rules, const JudgementTime& now) {
  std::vector<std::pair<EventPtr, Judgement>> denied;
  book_.ForEachUntracked([&](const EventPtr& decision) {
    if (auto judged = Objection(rules, *decision, now, FactsNow()))
      denied.emplace_back(decision, *judged);
  });
  for (const auto& [decision, judged] : denied) {
    book_.ForgetDecision(decision);
    if (doors_.cutter.CutSocket(*decision) != FlowCutter::Outcome::kCut) continue;
    parts_.events.Append(CutEventOf({{}, decision, {}}, judged, now.wall));
  }
}

void FlowKeeper::Tell(FlowNote::What what, const Flow& flow) {
  const FlowNote note{0, parts_.clock.WallNow(), what, flow};
  if (what == FlowNote::What::kEnded && parts_.on_end) parts_.on_end(note);
  if (parts_.log.IsListening()) parts_.log.Append(note);
}

// What lives, and what it has moved: only a dump tells. In the order of their ids.
std::vector<Flow> FlowKeeper::Live(const FlowFilter& filter) {
  (void)HearNews();
  NoteDecisions();
  std::vector<TrackedFlow> listed = ReadAll(Keep::kAll);
  LookUpOwners();
  const auto order = [](const TrackedFlow& flow) { return flow.id; };
  std::ranges::stable_sort(listed, {}, order);
  std::vector<Flow> live;
  for (const TrackedFlow& tracked : listed) {
    const bool is_repeated = !live.empty() && live.back().tracked.id == tracked.id &&
                             NameOf(live.back().tracked) == NameOf(tracked);
    if (is_repeated) continue;
    auto flow = book_.Describe(tracked);
    if (!flow && book_.Size() < FlowBook::kMostFlows) continue;  // it has ended meanwhile
    if (!flow) flow = Flow{tracked, nullptr, std::nullopt};
    if (filter.Fits(*flow)) live.push_back(*std::move(flow));
  }
  return live;
}

FlowListQuestion::Answer FlowKeeper::Listed(const v1::ListFlowsRequest& request) {
  using Kind = FlowRefusal::Kind;
  const auto filter = FlowFilter::Create(request.filter());
  const auto after = ParseToken(request.page_token());
  if (!filter) return tl::unexpected(FlowRefusal{Kind::kInvalid, filter.error()});
  if (!after) return tl::unexpected(FlowRefusal{Kind::kInvalid, "no such page of flows"});
  std::vector<Flow> flows = Live(*filter);
  if (!readable_.load()) {
    return tl::unexpected(FlowRefusal{Kind::kUnavailable, "conntrack's flows cannot be read"});
  }
  if (!request.page_token().empty()) {
    std::erase_if(flows, [&](const Flow& flow) { return flow.tracked.id <= *after; });
  }
  const std::size_t page =
      std::clamp(request.page_size() == 0 ? kUsualPage : request.page_size(), 1U, kLargestPage);
  v1::ListFlowsResponse response;
  const WallTime now = parts_.clock.WallNow();
  for (const Flow& flow : flows) {
    const bool is_full = static_cast<std::size_t>(response.flows_size()) >= page;
    const bool is_another = response.flows_size() == 0 ||
                            response.flows(response.flows_size() - 1).id() != flow.tracked.id;
    if (is_full && is_another) {
      response.set_next_page_token(std::to_string(response.flows(response.flows_size() - 1).id()));
      break;
    }
    *response.add_flows() = ToMessage(flow, now);
  }
  response.set_counts_bytes(accounting_.Counts());
  return response;
}

FlowCutQuestion::Answer FlowKeeper::CutAll(const v1::CutFlowsRequest& request) {
  using Kind = FlowRefusal::Kind;
  const auto filter = FlowFilter::Create(request.filter());
  if (!filter) return tl::unexpected(FlowRefusal{Kind::kInvalid, filter.error()});
  if (filter->IsEmpty()) {
    return tl::unexpected(
        FlowRefusal{Kind::kInvalid, "without a filter every flow would be cut: say which"});
  }
  std::vector<Flow> meant = Live(*filter);
  std::erase_if(meant, [](const Flow& flow) { return IsClosing(flow.tracked); });
  if (meant.size() > kMostCutAtOnce) meant.resize(kMostCutAtOnce);
  const auto shared = book_.SharedPorts();
  v1::CutFlowsResponse response;
  const Judgement by_a_person{RuleAction::kDeny, EventReason::kAnswer, nullptr};
  for (const Flow& flow : meant) {
    const auto outcome = doors_.cutter.Cut(flow, PortOf(flow, shared));
    const WallTime now = parts_.clock.WallNow();
    if (outcome == FlowCutter::Outcome::kCut) {
      *response.add_cut() = ToMessage(flow, now);
      parts_.events.Append(CutEventOf(flow, by_a_person, now));
    } else if (outcome != FlowCutter::Outcome::kGone) {
      response.add_failed(WhyNotCut(flow, outcome));
    }
  }
  return response;
}

}  // namespace procwall
