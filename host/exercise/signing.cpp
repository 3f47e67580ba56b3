#include "host/exercise/signing.hpp"

#include <openssl/pem.h>

#include <ctime>
#include <map>
#include <utility>
#include <vector>

#include "host/exercise/exercise_file.hpp"
#include "host/exercise/identity.hpp"
#include "host/exercise/openssl_object.hpp"

namespace longwatch {

namespace {

namespace fs = std::filesystem;
using std::chrono::system_clock;

constexpr std::size_t pem_size_max = 16384;
constexpr int number_size = 32;  // of r and of s, in bytes

// Signed before every message: what else is signed by the same key, in the handshakes of DDS, begins otherwise, so
// neither signature can stand for the other.
constexpr std::string_view message_prefix = "longwatch exercise message 1\n";

// Of both, since OpenSSL knows a curve by either.
bool is_on_p256(EVP_PKEY const* key)
{
    char group[32] = {};
    std::size_t size = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1 &&
           (std::string_view(group) == "prime256v1" || std::string_view(group) == "P-256");
}

CertificatePtr parse_certificate(std::string_view pem)
{
    auto const memory = memory_of(pem);
    return CertificatePtr(PEM_read_bio_X509(memory.get(), nullptr, no_password, nullptr));
}

void digest(EVP_MD_CTX* context, std::span<std::uint8_t const> bytes,
            int (*add)(EVP_MD_CTX*, void const*, std::size_t))
{
    must(add(context, message_prefix.data(), message_prefix.size()), "SHA-256 failed");
    must(add(context, bytes.data(), bytes.size()), "SHA-256 failed");
}

// Ready for one message: a copy costs less than a beginning.
DigestPtr copy_of(DigestPtr const& ready)
{
    DigestPtr context(must_have(EVP_MD_CTX_new(), "no memory for a signature"));
    must(EVP_MD_CTX_copy_ex(context.get(), ready.get()), "no memory for a signature");
    return context;
}

system_clock::time_point instant(ASN1_TIME const* time)
{
    std::tm parts{};
    must(ASN1_TIME_to_tm(time, &parts), "a certificate with a time that is none");
    return system_clock::from_time_t(::timegm(&parts));
}

// The one common name; "" where there are none, or several.
std::string common_name(X509 const* certificate)
{
    auto const* const subject = X509_get_subject_name(certificate);
    int const at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) { return ""; }
    auto const* const text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// As OpenSSL has it; none where it is not 64 bytes.
std::vector<unsigned char> der_of(std::span<std::uint8_t const> signature)
{
    if (signature.size() != std::tuple_size_v<Signature>) { return {}; }
    EcdsaPtr const both(must_have(ECDSA_SIG_new(), "no memory for a signature"));
    NumberPtr r(must_have(BN_bin2bn(signature.data(), number_size, nullptr), "no memory"));
    NumberPtr s(
        must_have(BN_bin2bn(signature.data() + number_size, number_size, nullptr), "no memory"));
    must(ECDSA_SIG_set0(both.get(), r.get(), s.get()), "no memory for a signature");
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    int const size = i2d_ECDSA_SIG(both.get(), nullptr);
    if (size <= 0) { fail_by_openssl("a signature could not be written"); }
    std::vector<unsigned char> der(static_cast<std::size_t>(size));
    unsigned char* end = der.data();
    i2d_ECDSA_SIG(both.get(), &end);
    return der;
}

}  // namespace

struct Signer::Parts {
    KeyPtr key;
    DigestPtr ready;
};

Signer::Signer(fs::path const& key_pem) : parts_(std::make_unique<Parts>())
{
    ERR_clear_error();
    auto pem = load_exercise_file(key_pem, pem_size_max);
    {
        auto const memory = memory_of(pem);
        parts_->key.reset(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_password, nullptr));
    }
    OPENSSL_cleanse(pem.data(), pem.size());
    if (!parts_->key) { fail_by_openssl(key_pem.string() + " is no key"); }
    if (!is_on_p256(parts_->key.get())) {
        throw std::runtime_error(key_pem.string() + " is no key on P-256");
    }
    parts_->ready.reset(must_have(EVP_MD_CTX_new(), "no memory for a signature"));
    must(EVP_DigestSignInit(parts_->ready.get(), nullptr, EVP_sha256(), nullptr, parts_->key.get()),
         "the key cannot sign");
}

Signer::~Signer() = default;
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;

Signature Signer::sign(std::span<std::uint8_t const> bytes) const
{
    auto const context = copy_of(parts_->ready);
    digest(context.get(), bytes, EVP_DigestSignUpdate);
    std::array<unsigned char, 80> der{};  // 72 are needed
    std::size_t size = der.size();
    must(EVP_DigestSignFinal(context.get(), der.data(), &size), "signing failed");
    unsigned char const* begin = der.data();
    EcdsaPtr const both(must_have(d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(size)),
                                  "a signature that OpenSSL cannot read"));
    Signature signature{};
    auto const* const r = ECDSA_SIG_get0_r(both.get());
    auto const* const s = ECDSA_SIG_get0_s(both.get());
    if (BN_bn2binpad(r, signature.data(), number_size) != number_size ||
        BN_bn2binpad(s, signature.data() + number_size, number_size) != number_size) {
        fail_by_openssl("a signature does not fit");
    }
    return signature;
}

struct Verifier::Parts {
    struct Known {
        KeyPtr key;
        DigestPtr ready;
        system_clock::time_point from, until;
    };

    Clock now;
    StorePtr authority;
    std::map<std::string, Known, std::less<>> members;
};

Verifier::Verifier(fs::path const& authority_pem, Clock now) : parts_(std::make_unique<Parts>())
{
    ERR_clear_error();
    auto const certificate = parse_certificate(load_exercise_file(authority_pem, pem_size_max));
    if (!certificate) { fail_by_openssl(authority_pem.string() + " is no certificate"); }
    parts_->now = std::move(now);
    parts_->authority.reset(must_have(X509_STORE_new(), "no memory for a certificate"));
    must(X509_STORE_add_cert(parts_->authority.get(), certificate.get()),
         "the authority's certificate cannot be used");
}

Verifier::~Verifier() = default;
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;

void Verifier::add(std::string const& member, std::string_view certificate_pem)
{
    if (!is_member_name(member)) { throw std::runtime_error("a member with a name that is none"); }
    auto const refuse = [&](std::string const& why) {
        throw std::runtime_error("the certificate of " + member + " is refused (" + why + ")");
    };
    ERR_clear_error();
    if (certificate_pem.size() > pem_size_max) { refuse("it is too long"); }
    auto const certificate = parse_certificate(certificate_pem);
    if (!certificate) { refuse(openssl_reason()); }
    StoreContextPtr const context(must_have(X509_STORE_CTX_new(), "no memory for a certificate"));
    must(X509_STORE_CTX_init(context.get(), parts_->authority.get(), certificate.get(), nullptr),
         "no certificate can be checked");
    X509_STORE_CTX_set_time(context.get(), 0, system_clock::to_time_t(parts_->now()));
    if (X509_verify_cert(context.get()) != 1) {
        ERR_clear_error();
        refuse(X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
    }
    if (common_name(certificate.get()) != member) { refuse("it is another member's"); }

    Parts::Known known;
    known.key.reset(X509_get_pubkey(certificate.get()));
    if (!known.key || !is_on_p256(known.key.get())) { refuse("its key is not on P-256"); }
    known.from = instant(X509_get0_notBefore(certificate.get()));
    known.until = instant(X509_get0_notAfter(certificate.get()));
    known.ready.reset(must_have(EVP_MD_CTX_new(), "no memory for a signature"));
    must(EVP_DigestVerifyInit(known.ready.get(), nullptr, EVP_sha256(), nullptr, known.key.get()),
         "a key cannot verify");
    auto const [at, is_new] = parts_->members.try_emplace(member, std::move(known));
    if (!is_new && EVP_PKEY_eq(at->second.key.get(), X509_get0_pubkey(certificate.get())) != 1) {
        refuse("another one is known already");
    }
}

bool Verifier::is_signed(std::string_view member, std::span<std::uint8_t const> bytes,
                         std::span<std::uint8_t const> signature) const
{
    auto const known = parts_->members.find(member);
    if (known == parts_->members.end()) { return false; }
    auto const now = parts_->now();
    if (now < known->second.from || now > known->second.until) { return false; }
    auto const der = der_of(signature);
    if (der.empty()) { return false; }
    auto const context = copy_of(known->second.ready);
    digest(context.get(), bytes, EVP_DigestVerifyUpdate);
    bool const is = EVP_DigestVerifyFinal(context.get(), der.data(), der.size()) == 1;
    if (!is) { ERR_clear_error(); }
    return is;
}

}  // namespace longwatch
