// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/journal.h"

#include <sys/stat.h>

#include <utility>

#include <spdlog/spdlog.h>

#include "base/printable.h"
#include "daemon/decision_pattern.h"
#include "daemon/event_message.h"
#include "daemon/journal_place.h"

namespace procwall {
namespace {

constexpr int kMostSlicesAtOnce = 8;  // then the log is looked at again

std::uint64_t InodeOf(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

void Fill(std::int64_t nanoseconds, google::protobuf::Timestamp& time) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t rest = (nanoseconds % kSecond + kSecond) % kSecond;
  time.set_seconds((nanoseconds - rest) / kSecond);
  time.set_nanos(static_cast<std::int32_t>(rest));
}

// In a storm what is alike is one entry: writing thousands a second would cost more than all the
// rest.
std::vector<AlikeDecisions> EntriesOf(const std::vector<EventPtr>& events) {
  if (events.size() >= Journal::kStorm) return Summarise(events);
  std::vector<AlikeDecisions> entries;
  entries.reserve(events.size());
  for (const EventPtr& event : events) entries.push_back({event, 1});
  return entries;
}

}  // namespace

tl::expected<std::unique_ptr<Journal>, std::string> Journal::Start(
    EventLog& log, const Clock& clock, const JournalSettings& settings) {
  std::unique_ptr<Journal> journal(new Journal(clock, settings));
  if (settings.path.empty()) {
    journal->state_.Lock()->set_why_not("switched off");
    return journal;
  }
  journal->state_.Lock()->set_why_not("it is being opened");
  auto follower = EventFollower::Start(
      "journal", log, kInterval,
      [raw = journal.get()](const EventFollower::Batch& batch) { raw->Handle(batch); });
  if (!follower) return tl::unexpected("journal: " + follower.error().ToString());
  journal->follower_ = *std::move(follower);
  return journal;
}

Journal::Journal(const Clock& clock, JournalSettings settings)
    : clock_(clock), settings_(std::move(settings)) {}

void Journal::Append(v1::FlowNote ended) {
  if (settings_.path.empty()) return;
  const auto pushed = ended_.TryPush(std::move(ended));
  if (pushed == BoundedQueue<v1::FlowNote>::Pushed::kFull) refused_.fetch_add(1);
}

v1::Journal Journal::State() const {
  v1::Journal state = state_.Copy();
  state.set_lost(state.lost() + refused_.load());
  return state;
}

void Journal::Handle(const EventFollower::Batch& batch) {
  const std::deque<v1::FlowNote> ended = ended_.TakeAll();
  if (!HasStore()) {
    lost_ += batch.missed + batch.events.size() + ended.size();
    return Tell();
  }
  lost_ += batch.missed;
  std::vector<JournalRow> rows;
  rows.reserve(batch.events.size() + ended.size());
  for (const AlikeDecisions& alike : EntriesOf(batch.events)) {
    rows.push_back(RowOf(ToMessage(*alike.last)));
    rows.back().times = alike.times;
  }
  for (const v1::FlowNote& note : ended) rows.push_back(RowOf(note));
  if (!rows.empty()) Write(rows);
  const bool upkeep = clock_.Now() >= next_upkeep_;
  if (upkeep) next_upkeep_ = clock_.Now() + kUpkeep;
  if (upkeep && IsReplaced()) {
    store_.reset();  // and the next look begins a new one
    next_attempt_ = {};
  }
  if (store_ && (upkeep || !rows.empty())) Trim(upkeep);
  Tell();
}

bool Journal::HasStore() {
  if (store_) return true;
  if (clock_.Now() < next_attempt_) return false;
  next_attempt_ = clock_.Now() + kUpkeep;
  const auto placed = PlaceJournal(settings_.path);
  if (!placed) {
    Refuse(placed.error());
    return false;
  }
  real_path_ = *placed;
  auto opened = JournalStore::Open(real_path_);
  if (!opened && opened.error().kind == SqlError::Kind::kDamaged) {
    React(opened.error());
    if (const auto again = PlaceJournal(settings_.path)) opened = JournalStore::Open(*again);
  }
  if (!opened) {
    Refuse(real_path_ + ": " + opened.error().what);
    return false;
  }
  store_ = *std::move(opened);
  inode_ = InodeOf(real_path_);
  why_not_.clear();
  spdlog::info("event=journal_open path=\"{}\"", Printable(real_path_));
  return true;
}

// Once, not each minute.
void Journal::Refuse(const std::string& why) {
  if (why == why_not_) return;
  why_not_ = why;
  spdlog::warn("event=journal_missing reason=\"{}\", ignoring: nothing is kept", Printable(why));
}

// Somebody has removed the file, or put another one in its place: what we write is seen by nobody.
bool Journal::IsReplaced() const { return InodeOf(real_path_) != inode_; }

void Journal::Write(const std::vector<JournalRow>& rows) {
  const SqlStatus written = store_->Append(rows);
  if (written) return;
  React(written.error());
  if (!store_ && HasStore() && store_->Append(rows)) return;  // a new file
  lost_ += rows.size();
}

void Journal::Trim(bool also_by_age) {
  const std::int64_t oldest = (clock_.WallNow() - settings_.max_age).time_since_epoch().count();
  for (int i = 0; i < kMostSlicesAtOnce; ++i) {
    const auto by_size = store_->TrimToBytes(settings_.max_bytes);
    if (!by_size) return React(by_size.error());
    const auto by_age = also_by_age ? store_->TrimToTime(oldest) : SqlResult<bool>(false);
    if (!by_age) return React(by_age.error());
    if (!*by_size && !*by_age) return;
  }
  next_upkeep_ = {};  // there is more to delete
}

void Journal::React(const SqlError& error) {
  if (error.kind == SqlError::Kind::kDamaged) {
    store_.reset();
    next_attempt_ = {};
    const auto aside = SetJournalAside(real_path_);
    spdlog::error(
        "event=journal_damaged path=\"{}\" reason=\"{}\" kept_as=\"{}\", a new one begins",
        Printable(real_path_), Printable(error.what), Printable(aside ? *aside : aside.error()));
    return;
  }
  (void)store_->Merge();  // a full disk: the next batch may find room
  if (clock_.Now() < next_complaint_) return;
  next_complaint_ = clock_.Now() + kUpkeep;
  spdlog::warn("event=journal_not_written path=\"{}\" reason=\"{}\", ignoring: entries are lost",
               Printable(real_path_), Printable(error.what));
}

void Journal::Tell() {
  v1::Journal state;
  state.set_lost(lost_);
  if (!store_) {
    state.set_why_not(Printable(why_not_.empty() ? "it could not be opened" : why_not_));
  } else if (const auto size = store_->Measure()) {
    state.set_path(Printable(real_path_));
    state.set_entries(size->entries);
    state.set_bytes(size->bytes);
    if (size->oldest != 0) Fill(size->oldest, *state.mutable_oldest());
  } else {
    state.set_path(Printable(real_path_));
    state.set_why_not(Printable(size.error().what));
  }
  state_.Set(std::move(state));
}

}  // namespace procwall
