// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>
#include <tl/expected.hpp>

#include "daemon/settings.h"

namespace procwall {

// How the GUI is connected to over TCP, as OpenSnitch's Server.Authentication says it: in the clear
// ("simple"), or with TLS where it must show a certificate that CACert has signed or that is
// ServerCert ("tls-simple"), and we show ClientCert ("tls-mutual"). With SkipVerify it may show
// any. The files are read anew for each dialling. The error names the file, for people.
tl::expected<std::shared_ptr<grpc::ChannelCredentials>, std::string> GuiCredentials(
    const UiTlsSettings& tls);

}  // namespace procwall
