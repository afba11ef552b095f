// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/conntrack_watch.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace procwall {

void ConntrackWatch::Look() {
  if (clock_.Now() < next_look_) return;
  next_look_ = clock_.Now() + kLookEvery;
  if (const auto load = ReadConntrackLoad()) Take(*load);  // else this kernel does not tell
}

void ConntrackWatch::Take(const ConntrackLoad& load) {
  if (!first_) first_ = last_ = load;
  const bool is_worse = load.dropped != last_.dropped || load.forgotten != last_.forgotten;
  last_ = load;
  if (!is_worse) return;
  const std::uint64_t dropped = load.dropped - first_->dropped;
  const std::uint64_t forgotten = load.forgotten - first_->forgotten;
  notes_.Set("conntrack",
             {fmt::format("conntrack's table has been full ({} of {} entries now): the kernel "
                          "dropped {} packets before they could be judged and forgot {} flows; "
                          "raise net.netfilter.nf_conntrack_max",
                          load.entries, load.most, dropped, forgotten)});
  if (clock_.Now() < next_log_) return;
  next_log_ = clock_.Now() + kLogInterval;
  spdlog::warn(
      "event=conntrack_full entries={} most={} dropped={} forgotten={}: raise "
      "net.netfilter.nf_conntrack_max",
      load.entries, load.most, dropped, forgotten);
}

}  // namespace procwall
