// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include "daemon/judgement.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The judgement as our API tells it. Names of rules are made printable.
v1::Judgement ToMessage(const Judgement& judged);

}  // namespace procwall
