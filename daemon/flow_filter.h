// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "daemon/flow.h"
#include "net/prefix.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Which flows are meant: those that fit all that is given (v1::FlowFilter). Where it is not known
// which side is this host's, either side may be "the other" one. Immutable.
class FlowFilter {
 public:
  // Fits everything.
  FlowFilter() = default;
  // The error is for people: an address or a port that is none.
  static tl::expected<FlowFilter, std::string> Create(const v1::FlowFilter& filter);

  bool IsEmpty() const { return is_empty_; }
  bool Fits(const Flow& flow) const;
  // What was lost, and is of no flow, always fits.
  bool Fits(const FlowNote& note) const {
    return note.what == FlowNote::What::kLost || Fits(note.flow);
  }

 private:
  bool FitsOwner(const Flow& flow) const;
  bool FitsOther(const Endpoint& other) const;
  bool FitsEnds(const Flow& flow) const;

  v1::FlowFilter filter_;
  std::optional<Prefix> network_;
  bool is_empty_ = true;
};

}  // namespace procwall
