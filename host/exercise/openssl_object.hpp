// Objects of OpenSSL that free themselves, and its failures as errors for the user.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace longwatch {

template <auto release>
struct Freed {
    template <class T>
    void operator()(T* object) const
    {
        release(object);
    }
};

using BioPtr = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using NumberPtr = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using AsnNumberPtr = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using EcdsaPtr = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using CertificatePtr = std::unique_ptr<X509, Freed<X509_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;
using SignedDocumentPtr = std::unique_ptr<PKCS7, Freed<PKCS7_free>>;

/// Why OpenSSL failed: the first of the failures it has noted, which are forgotten thereby.
inline std::string openssl_reason()
{
    auto const code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) { return "OpenSSL does not say why"; }
    if (ERR_SYSTEM_ERROR(code)) { return std::generic_category().message(ERR_GET_REASON(code)); }
    char const* const reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "OpenSSL's error " + std::to_string(code);
}

[[noreturn]] inline void fail_by_openssl(std::string const& problem)
{
    throw std::runtime_error(problem + " (" + openssl_reason() + ")");
}

/// For what returns 1 where it has worked.
inline void must(int worked, char const* problem)
{
    if (worked != 1) { fail_by_openssl(problem); }
}

/// For what returns nothing where it has failed.
template <class T>
T* must_have(T* object, char const* problem)
{
    if (object == nullptr) { fail_by_openssl(problem); }
    return object;
}

/// What has been written into memory; lives as long as the object does.
inline std::string_view text_in(BIO* memory)
{
    char* data = nullptr;
    long const size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

inline BioPtr new_memory()
{
    return BioPtr(must_have(BIO_new(BIO_s_mem()), "no memory for a text"));
}

/// The text must outlive it.
inline BioPtr memory_of(std::string_view text)
{
    return BioPtr(must_have(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                            "no memory for a text"));
}

/// Asked for a password that opens a PEM text: there is none, and nobody is to be asked at the terminal.
inline int no_password(char*, int, int, void*) { return -1; }

}  // namespace longwatch
