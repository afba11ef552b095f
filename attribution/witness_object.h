// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <span>

namespace procwall {

// The compiled BPF object of witness/witness.bpf.c, an ELF file; made by the build.
extern const std::span<const unsigned char> witness_object;

}  // namespace procwall
