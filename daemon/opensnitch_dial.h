// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <tl/expected.hpp>

#include "daemon/opensnitch_address.h"
#include "daemon/settings.h"
#include "net/connection.h"
#include "rules/accounts.h"

namespace procwall {

// A connection to the GUI, and who is at its other end.
struct Dialled {
  std::shared_ptr<grpc::Channel> channel;
  std::optional<Uid> peer;  // absent: over TCP nobody can tell
};

// Connects to the GUI; never blocks for long. A unix socket is refused unless who listens on it is
// one of `allowed` (see IsUiUser): anyone can make a socket in /tmp, and whom we connect to tells
// us what to let through. It is the kernel that names the listener (SO_PEERCRED), of the very
// connection that is used, so that nobody can put another socket in its place meanwhile. `tls`: how
// over TCP; a unix socket needs none. The error is for people.
tl::expected<Dialled, std::string> DialGui(const GuiAddress& address,
                                           const std::vector<std::string>& allowed,
                                           const Accounts& accounts, const UiTlsSettings& tls = {});

}  // namespace procwall
