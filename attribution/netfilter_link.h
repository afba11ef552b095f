// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// BPF_PROG_TYPE_NETFILTER and BPF_NETFILTER of kernel 6.4, which older headers do not know.
inline constexpr std::uint32_t kNetfilterProgramType = 32;
inline constexpr std::uint32_t kNetfilterAttachType = 45;

// Lets a BPF program see the packets of `family` (NFPROTO_*) that leave this network namespace,
// before the mangle table's rules see them; until the link is closed. kUnsupported where the kernel
// is too old. kBusy when other daemons have taken every place there.
Result<UniqueFd> AttachNetfilterProgram(int program, std::uint32_t family);

}  // namespace procwall
