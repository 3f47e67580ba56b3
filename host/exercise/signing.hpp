// Messages of an exercise, signed by who made them: ECDSA over P-256 and SHA-256, by the key of the maker's certificate.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace longwatch {

/// The numbers r and s, 32 bytes each, the most significant first. Whoever sees one can make another that is as good for the
/// same bytes, so it is no name for a message.
using Signature = std::array<std::uint8_t, 64>;

/// May be used by several threads at once.
class Signer {
public:
    /// Throws std::runtime_error where the file is no key on P-256.
    explicit Signer(std::filesystem::path const& key_pem);
    ~Signer();
    Signer(Signer&&) noexcept;
    Signer& operator=(Signer&&) noexcept;

    Signature sign(std::span<std::uint8_t const> bytes) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// Knows the members of one exercise. Several threads may ask at once, while none adds.
class Verifier {
public:
    using Clock = std::function<std::chrono::system_clock::time_point()>;

    /// Throws std::runtime_error where the file is no certificate.
    explicit Verifier(std::filesystem::path const& authority_pem,
                      Clock now = std::chrono::system_clock::now);
    ~Verifier();
    Verifier(Verifier&&) noexcept;
    Verifier& operator=(Verifier&&) noexcept;

    /// The text may come from anybody. Throws std::runtime_error, and has not added it, where it is no certificate on P-256 that
    /// the authority has signed for this member and that is valid now, or where the member has another one already.
    void add(std::string const& member, std::string_view certificate_pem);

    /// False also where the member has not been added, or its certificate is not valid now.
    bool is_signed(std::string_view member, std::span<std::uint8_t const> bytes,
                   std::span<std::uint8_t const> signature) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace longwatch
