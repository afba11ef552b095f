// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/flow_end.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The flow that has ended as our API tells it. Texts that strangers control are made printable.
v1::FlowNote ToMessage(const FlowEnd& end);

}  // namespace procwall
