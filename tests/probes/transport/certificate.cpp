#include "tests/probes/transport/certificate.h"

#include <memory>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace smokeledger::probes::transport {
namespace {

template <auto free_function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Paper = std::unique_ptr<X509, Free<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Buffer = std::unique_ptr<BIO, Free<BIO_free>>;

std::string text_of(BIO* buffer) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(buffer, &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_extension(X509* paper, int id, const char* value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, id, value));
  X509_add_ext(paper, extension.get(), -1);
}

}  // namespace

Certificate make_loopback_certificate() {
  const Key key(EVP_EC_gen("P-256"));
  const Paper paper(X509_new());
  X509_set_version(paper.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(paper.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(paper.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(paper.get()), 86'400);
  X509_set_pubkey(paper.get(), key.get());
  X509_NAME* name = X509_get_subject_name(paper.get());
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("stub"), -1, -1, 0);
  X509_set_issuer_name(paper.get(), name);
  add_extension(paper.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(paper.get(), NID_subject_alt_name, "IP:127.0.0.1");
  X509_sign(paper.get(), key.get(), EVP_sha256());

  const Buffer certificate(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate.get(), paper.get());
  const Buffer secret(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(certificate.get()), text_of(secret.get())};
}

}  // namespace smokeledger::probes::transport
