// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/interception.h"

#include <utility>

#include <spdlog/spdlog.h>

namespace procwall {

Interception::~Interception() {
  if (!table_ || at_failure_ == AtFailure::kOpen) return;
  table_->Stay();
  spdlog::error(
      "event=host_closed reason=\"procwalld failed, and -queue-bypass is false\" advice=\"start it "
      "again; `procwalld -remove-firewall` lets connections pass\"");
}

Interception::Outcome Interception::Switch(bool on) {
  if (on == is_on_.load()) return {};
  if (on) {
    auto table = install_();
    if (!table) return tl::unexpected(table.error());
    table_ = *std::move(table);
  } else {
    table_.reset();
  }
  is_on_.store(on);
  return {};
}

bool Interception::Ask(bool on, std::function<void(const Outcome&)> done) {
  {
    const auto wishes = wishes_.Lock();
    if (wishes->size() >= kMostWaiting) return false;
    wishes->push_back({on, std::move(done)});
  }
  asked_.Wake();
  return true;
}

void Interception::DoAsked() {
  asked_.Clear();
  for (const Wish& wish : std::exchange(*wishes_.Lock(), {})) {
    const Outcome outcome = Switch(wish.on);
    if (wish.done) wish.done(outcome);
  }
}

}  // namespace procwall
