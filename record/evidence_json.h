// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"
#include "record/json_text.h"

namespace procwall {

// Evidence and its sockets as JSON; keys always come in the same order and are always there.
Json EvidenceObject(const v1::Evidence& evidence);
Json SocketObject(const v1::Socket& socket);

}  // namespace procwall
