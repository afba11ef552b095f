// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "procwall/v1/procwall.pb.h"
#include "record/json_text.h"

namespace procwall {

// A flow as JSON. Keys always come in the same order and are always there, as with EventObject().
Json FlowObject(const v1::Flow& flow);
Json SecondsOrNull(bool is_known, const google::protobuf::Duration& duration);

}  // namespace procwall
