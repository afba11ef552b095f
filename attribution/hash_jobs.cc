// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/hash_jobs.h"

#include <algorithm>
#include <memory>

namespace procwall {

const HashJobs::Remembered* HashJobs::Recall(const FileState& state, HashKinds kinds) {
  const auto found = by_state_.find(state);
  if (found == by_state_.end() || !found->second->kinds.Cover(kinds)) return nullptr;
  remembered_.splice(remembered_.begin(), remembered_, found->second);
  return &remembered_.front();
}

bool HashJobs::IsUnderWay(const FileState& state, HashKinds kinds) const {
  return std::ranges::any_of(jobs_, [&](const FileHasher& job) {
    return job.State() == state && job.Kinds().Cover(kinds);
  });
}

void HashJobs::Remember(Remembered remembered) {
  if (const auto before = by_state_.find(remembered.state); before != by_state_.end()) {
    remembered_.erase(before->second);
    by_state_.erase(before);
  }
  remembered_.push_front(std::move(remembered));
  by_state_.emplace(remembered_.front().state, remembered_.begin());
  if (remembered_.size() <= kMaxRemembered) return;
  by_state_.erase(remembered_.back().state);
  remembered_.pop_back();
}

HashJobs::Answer HashJobs::Ask(UniqueFd file, HashKinds kinds, WallTime now, FileState& state) {
  const auto looked = ReadFileState(file.UnsafeFd());
  if (!looked) return {.hashes = nullptr, .failed = true};
  state = *looked;
  if (WallTime(std::chrono::nanoseconds(state.changed)) + kSettleTime > now) {
    return {.hashes = nullptr, .failed = true};
  }
  const Answer known = Find(state, kinds);
  if (!known.failed) return known;
  if (jobs_.size() >= kMaxJobs) return {.hashes = nullptr, .failed = true};
  auto begun = FileHasher::Begin(std::move(file), kinds);
  if (begun) {
    state = begun->State();
    jobs_.push_back(*std::move(begun));
    return {};
  }
  Remember({state, kinds, std::make_shared<const Hashes>()});
  return Find(state, kinds);
}

HashJobs::Answer HashJobs::Find(const FileState& state, HashKinds kinds) {
  if (const Remembered* const known = Recall(state, kinds)) return {known->hashes, false};
  return {.hashes = nullptr, .failed = !IsUnderWay(state, kinds)};
}

bool HashJobs::Step() {
  if (jobs_.empty()) return false;
  FileHasher job = std::move(jobs_.front());
  jobs_.pop_front();
  auto hashes = job.Step();
  if (hashes && !*hashes) {
    jobs_.push_back(std::move(job));
    return false;
  }
  // What was changed while it was read is another file from now on: nothing to remember.
  if (!hashes && hashes.error().code == Errc::kBusy) return true;
  Remember({job.State(), job.Kinds(),
            std::make_shared<const Hashes>(hashes ? **std::move(hashes) : Hashes{})});
  return true;
}

}  // namespace procwall
