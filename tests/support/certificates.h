// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace procwall {

// A certificate with its key, in PEM.
struct CertificatePair {
  std::string certificate;
  std::string key;
};

// An authority that a test makes for itself: signs whatever it is asked to.
class CertificateAuthority {
 public:
  CertificateAuthority() : key_(MakeKey()), own_(Make("test authority", "", nullptr)) {}

  std::string Pem() const { return own_.certificate; }
  // `alternative`: as OpenSSL writes subjectAltName, "DNS:gui.test,IP:127.0.0.1"; empty: none.
  CertificatePair Issue(const std::string& common_name, const std::string& alternative) const {
    return Make(common_name, alternative, MakeKey());
  }

 private:
  using Key = std::shared_ptr<EVP_PKEY>;
  static Key MakeKey() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

  template <typename Write>
  static std::string Written(const Write& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    EXPECT_EQ(write(bio.get()), 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }
  static void Extend(X509* certificate, int what, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    EXPECT_NE(extension, nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }
  static void SetName(X509_NAME* name, const std::string& text) {
    const auto* const bytes =
        static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, bytes, static_cast<int>(text.size()), -1,
                               0);
  }
  // `key` null: the authority's own.
  CertificatePair Make(const std::string& common_name, const std::string& alternative,
                       const Key& key) const {
    const bool is_authority = key == nullptr;
    EVP_PKEY* const subject_key = is_authority ? key_.get() : key.get();
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    static long serial = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    SetName(X509_get_subject_name(certificate.get()), common_name);
    SetName(X509_get_issuer_name(certificate.get()), "test authority");
    X509_set_pubkey(certificate.get(), subject_key);
    Extend(certificate.get(), NID_basic_constraints,
           is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!alternative.empty()) Extend(certificate.get(), NID_subject_alt_name, alternative);
    EXPECT_GT(X509_sign(certificate.get(), key_.get(), EVP_sha256()), 0);
    return {Written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); }),
            Written([&](BIO* bio) {
              return PEM_write_bio_PrivateKey(bio, subject_key, nullptr, nullptr, 0, nullptr,
                                              nullptr);
            })};
  }

  const Key key_;
  const CertificatePair own_;
};

// A file of that mode; its path.
inline std::string WriteSecret(const std::string& path, const std::string& text,
                               mode_t mode = 0600) {
  std::ofstream(path) << text;
  EXPECT_EQ(::chmod(path.c_str(), mode), 0);
  return path;
}

}  // namespace procwall
