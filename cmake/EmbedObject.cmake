# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
# Writes the file OBJECT as the C++ array ARRAY into OUTPUT. Aligned for the ELF reader.
file(READ ${OBJECT} bytes HEX)
string(LENGTH "${bytes}" digits)
math(EXPR size "${digits} / 2")
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"attribution/witness_object.h\"

namespace procwall {
alignas(16) constexpr unsigned char kBytes[${size}] = {${bytes}};
const std::span<const unsigned char> ${ARRAY}(kBytes);
}  // namespace procwall
")
