// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>

#include <grpcpp/grpcpp.h>

#include "base/wakeup.h"
#include "daemon/opensnitch_wire.h"

namespace procwall {

// The wire over a gRPC channel. `arrived` is woken when something has arrived.
std::unique_ptr<GuiWire> MakeGuiWire(std::shared_ptr<grpc::Channel> channel,
                                     std::shared_ptr<const Wakeup> arrived);

}  // namespace procwall
