// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "attribution/attribution.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Processes, sockets and evidence as our API tells them. Texts that strangers control are made
// printable.
v1::Process ToMessage(const Process& process);
v1::Socket ToMessage(const RankedSocket& ranked);
v1::Evidence ToMessage(const Evidence& evidence);

google::protobuf::Duration ToMessage(std::chrono::nanoseconds time);

}  // namespace procwall
