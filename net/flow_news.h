// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/flow_message.h"

namespace procwall {

// A socket on which conntrack tells what becomes of the flows of this network namespace: those that
// end from now on and, if wanted, those that begin and those that change (a TCP connection does
// five times or more). The kernel tells from within a flow's own packets: of a beginning while the
// first waits, some 4 us of it. What nobody wants costs no packet anything. The kernel waits for
// nobody: what does not fit into the receive buffer is lost, and the reader is told so. Only who
// has CAP_NET_ADMIN could send to it. Thread rule: one thread only.
class FlowNewsSocket {
 public:
  // `buffer_bytes`: of the receive buffer; an event takes about 700 of them. kUnsupported: the
  // kernel has no ctnetlink. kPermission: not for us.
  static Result<FlowNewsSocket> Open(std::size_t buffer_bytes);
  // Takes over a datagram socket that never waits: a test is the kernel at its other end.
  explicit FlowNewsSocket(UniqueFd fd);

  enum class News : std::uint8_t { kEnds, kAll };
  Status Want(News news);  // at first: kEnds

  struct Drained {
    std::size_t told = 0;
    std::size_t undecodable = 0;  // messages that made no sense
    bool lost = false;            // the kernel could not tell all
    bool may_be_more = false;     // so much was told that others should have their turn
  };
  // Hands over what is there; never waits.
  using OnNews = std::function<void(const FlowNews& news)>;
  Result<Drained> Drain(const OnNews& each);

  int UnsafeFd() const { return fd_.UnsafeFd(); }

 private:
  static void Take(Bytes datagram, const OnNews& each, Drained& drained);

  UniqueFd fd_;
  std::vector<std::byte> buffer_;
  News wanted_ = News::kEnds;
};

}  // namespace procwall
