// Who is who in an exercise, and who has signed what: made, told apart, and refused.
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "host/exercise/identity.hpp"
#include "host/exercise/openssl_object.hpp"
#include "host/exercise/signing.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"

namespace longwatch {
namespace {

using std::chrono::hours;
using std::chrono::system_clock;
using test::bytes_of;
namespace fs = std::filesystem;

std::vector<Member> two_members()
{
    return {{"radar-1", {{"longwatch/link/a_b"}, {"longwatch/link/b_a"}}},
            {"centre", {{"longwatch/link/b_a", "longwatch/clock"}, {"longwatch/link/a_b"}}}};
}

struct Exercise {
    test::Folder folder;
    fs::path made = folder.path / "made";

    explicit Exercise(std::string const& name = "drill-1", hours valid_for = hours(2))
    {
        make_identities(made, name, two_members(), valid_for);
    }
    std::string certificate(std::string const& member) const
    {
        return bytes_of(made / member / "identity.pem");
    }
    Signer signer(std::string const& member) const { return Signer(made / member / "key.pem"); }
};

std::vector<std::uint8_t> bytes(std::string_view text) { return {text.begin(), text.end()}; }

Verifier::Clock at(system_clock::duration from_now)
{
    return [=] { return system_clock::now() + from_now; };
}

std::size_t entries(fs::path const& folder)
{
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

// What make_identities says where it refuses, and the folder is then as it was: nothing in it.
std::string refusal(std::string const& exercise, std::vector<Member> const& members,
                    hours valid_for = hours(1))
{
    test::Folder folder;
    try {
        make_identities(folder.path / "made", exercise, members, valid_for);
    } catch (std::runtime_error const& error) {
        CHECK(entries(folder.path) == 0);
        return error.what();
    }
    return "";
}

// Of a signed document the text, "" where the signature is not by `signer`. As the security of DDS does it: only this
// signer's certificate counts, whatever else the document brings.
std::string signed_text(std::string const& document, fs::path const& signer_pem)
{
    auto const in = memory_of(document);
    BIO* content = nullptr;
    SignedDocumentPtr const parsed(SMIME_read_PKCS7(in.get(), &content));
    BioPtr const text(content), out = new_memory();
    auto const pem = bytes_of(signer_pem);
    auto const memory = memory_of(pem);
    CertificatePtr const signer(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
    STACK_OF(X509)* const signers = sk_X509_new_null();
    sk_X509_push(signers, signer.get());
    bool const is = PKCS7_verify(parsed.get(), signers, nullptr, text.get(), out.get(),
                                 PKCS7_TEXT | PKCS7_NOVERIFY | PKCS7_NOINTERN) == 1;
    sk_X509_free(signers);
    ERR_clear_error();
    return is ? std::string(text_in(out.get())) : "";
}

// As mail programs do it: any signer counts whom the authority has certified for documents.
bool is_signed_by_chain(std::string const& document, fs::path const& authority_pem)
{
    auto const in = memory_of(document);
    BIO* content = nullptr;
    SignedDocumentPtr const parsed(SMIME_read_PKCS7(in.get(), &content));
    BioPtr const text(content), out = new_memory();
    StorePtr const store(X509_STORE_new());
    X509_STORE_load_file(store.get(), authority_pem.c_str());
    bool const is =
        PKCS7_verify(parsed.get(), nullptr, store.get(), text.get(), out.get(), PKCS7_TEXT) == 1;
    ERR_clear_error();
    return is;
}

// A document that a member has signed itself, by the key and the certificate it has.
std::string forged(std::string const& text, fs::path const& member)
{
    auto const key_pem = bytes_of(member / "key.pem"), pem = bytes_of(member / "identity.pem");
    auto const key_memory = memory_of(key_pem), memory = memory_of(pem), in = memory_of(text);
    KeyPtr const key(PEM_read_bio_PrivateKey(key_memory.get(), nullptr, nullptr, nullptr));
    CertificatePtr const signer(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
    int const flags = PKCS7_TEXT | PKCS7_DETACHED | PKCS7_STREAM;
    SignedDocumentPtr const document(PKCS7_sign(signer.get(), key.get(), nullptr, in.get(), flags));
    auto const out = new_memory();
    SMIME_write_PKCS7(out.get(), document.get(), in.get(), flags);
    return std::string(text_in(out.get()));
}

std::vector<std::string> all_between(std::string const& text, std::string const& open,
                                     std::string const& close)
{
    std::vector<std::string> found;
    for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at + 1)) {
        auto const begin = at + open.size();
        found.push_back(text.substr(begin, text.find(close, begin) - begin));
    }
    return found;
}

// The least there is in a certificate; without an issuer it is signed by its own key.
CertificatePtr bare_certificate(std::string const& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* by)
{
    CertificatePtr certificate(X509_new());
    auto* const x = certificate.get();
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(issuer != nullptr ? issuer : x));
    X509_set_pubkey(x, key);
    REQUIRE(X509_sign(x, by, EVP_sha256()) > 0);
    return certificate;
}

std::string pem_of(X509* certificate)
{
    auto const memory = new_memory();
    PEM_write_bio_X509(memory.get(), certificate);
    return std::string(text_in(memory.get()));
}

// While it lives, files of this process end after so many bytes, as on a disk that is full.
class NarrowDisk {
public:
    explicit NarrowDisk(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        was_ = ::signal(SIGXFSZ, SIG_IGN);
        rlimit const narrow{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &narrow);
    }
    ~NarrowDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        ::signal(SIGXFSZ, was_);
    }
    NarrowDisk(NarrowDisk const&) = delete;
    NarrowDisk& operator=(NarrowDisk const&) = delete;
    NarrowDisk(NarrowDisk&&) = delete;
    NarrowDisk& operator=(NarrowDisk&&) = delete;

private:
    rlimit before_{};
    void (*was_)(int) = nullptr;
};

TEST_CASE("members of one exercise know each other's signatures", "[exercise][identity]")
{
    Exercise const exercise;
    Verifier verifier(exercise.made / "radar-1" / "ca.pem");
    for (auto const& member : two_members()) {
        verifier.add(member.name, exercise.certificate(member.name));
        verifier.add(member.name, exercise.certificate(member.name));  // as it is told again
    }
    for (std::size_t const size : {0U, 1U, 64U, 5000U}) {
        std::vector<std::uint8_t> const said(size, 7);
        for (auto const& member : two_members()) {
            CHECK(verifier.is_signed(member.name, said, exercise.signer(member.name).sign(said)));
        }
    }
}

// R and s are written without their leading zeros by OpenSSL: of 600 numbers about two have one.
TEST_CASE("a signature has 64 bytes, whatever its numbers", "[exercise][identity]")
{
    Exercise const exercise;
    Verifier verifier(exercise.made / "ca.pem");
    verifier.add("centre", exercise.certificate("centre"));
    auto const signer = exercise.signer("centre");
    int good = 0, short_numbers = 0;
    for (int i = 0; i < 300; ++i) {
        auto const said = bytes("message " + std::to_string(i));
        auto const signature = signer.sign(said);
        short_numbers += (signature[0] == 0) + (signature[32] == 0);
        good += verifier.is_signed("centre", said, signature);
    }
    CAPTURE(short_numbers);
    CHECK(good == 300);
}

TEST_CASE("a signature counts for its maker's bytes and nothing else", "[exercise][identity]")
{
    Exercise const exercise;
    Verifier verifier(exercise.made / "ca.pem");
    verifier.add("radar-1", exercise.certificate("radar-1"));
    auto const said = bytes("an alert of flight 12");
    auto const signature = exercise.signer("radar-1").sign(said);
    REQUIRE(verifier.is_signed("radar-1", said, signature));

    CHECK_FALSE(verifier.is_signed("radar-1", bytes("an alert of flight 13"), signature));
    CHECK_FALSE(verifier.is_signed("radar-1", bytes("an alert of flight 1"), signature));
    CHECK_FALSE(verifier.is_signed("radar-1", {}, signature));
    CHECK_FALSE(verifier.is_signed("radar-1", said, exercise.signer("centre").sign(said)));
    CHECK_FALSE(verifier.is_signed("centre", said, exercise.signer("centre").sign(said)));
    verifier.add("centre", exercise.certificate("centre"));
    CHECK_FALSE(verifier.is_signed("centre", said, signature));

    CHECK_FALSE(verifier.is_signed("radar-1", said, {}));
    CHECK_FALSE(verifier.is_signed("radar-1", said, std::span(signature).first(63)));
    std::vector<std::uint8_t> longer(signature.begin(), signature.end());
    longer.push_back(0);
    CHECK_FALSE(verifier.is_signed("radar-1", said, longer));
    CHECK_FALSE(verifier.is_signed("radar-1", said, Signature{}));
    for (std::size_t bit = 0; bit < 8 * signature.size(); bit += 37) {
        auto changed = signature;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1U << bit % 8);
        CHECK_FALSE(verifier.is_signed("radar-1", said, changed));
    }
    CHECK(verifier.is_signed("radar-1", said, signature));
}

TEST_CASE("a signature made with the key for something else is no signature of a message",
          "[exercise][identity]")
{
    Exercise const exercise;
    Verifier verifier(exercise.made / "ca.pem");
    verifier.add("centre", exercise.certificate("centre"));
    auto const key_pem = bytes_of(exercise.made / "centre" / "key.pem");
    auto const memory = memory_of(key_pem);
    KeyPtr const key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
    auto const said = bytes("what a stranger would have signed");
    DigestPtr const context(EVP_MD_CTX_new());
    REQUIRE(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1);
    std::array<unsigned char, 80> der{};
    std::size_t size = der.size();
    REQUIRE(EVP_DigestSign(context.get(), der.data(), &size, said.data(), said.size()) == 1);
    unsigned char const* begin = der.data();
    EcdsaPtr const both(d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(size)));
    Signature signature{};
    BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), signature.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), signature.data() + 32, 32);
    CHECK_FALSE(verifier.is_signed("centre", said, signature));
}

TEST_CASE("a certificate of another exercise's authority is refused", "[exercise][identity]")
{
    Exercise const exercise, other;  // of the same name, with members of the same names
    Verifier verifier(exercise.made / "ca.pem");
    CHECK_THROWS_WITH(verifier.add("centre", other.certificate("centre")),
                      Catch::Contains("certificate of centre is refused"));
    auto const said = bytes("all clear");
    CHECK_FALSE(verifier.is_signed("centre", said, other.signer("centre").sign(said)));
    verifier.add("centre", exercise.certificate("centre"));
    CHECK_FALSE(verifier.is_signed("centre", said, other.signer("centre").sign(said)));
}

TEST_CASE("a certificate is refused where it is another's, broken or too long",
          "[exercise][identity]")
{
    Exercise const exercise;
    Verifier verifier(exercise.made / "ca.pem");
    auto const own = exercise.certificate("centre");
    CHECK_THROWS_WITH(verifier.add("radar-1", own), Catch::Contains("another member's"));
    CHECK_THROWS(verifier.add("authority of the exercise", bytes_of(exercise.made / "ca.pem")));
    CHECK_THROWS(verifier.add("centre", bytes_of(exercise.made / "ca.pem")));
    CHECK_THROWS(verifier.add("centre", ""));
    CHECK_THROWS(verifier.add("centre", own.substr(0, own.size() / 2)));
    CHECK_THROWS(verifier.add("centre", bytes_of(exercise.made / "centre" / "key.pem")));
    CHECK_THROWS_WITH(verifier.add("centre", std::string(100000, ' ') + own),
                      Catch::Contains("too long"));
    auto changed = own;
    auto const middle = own.find('\n') + 100;
    changed[middle] = changed[middle] == 'A' ? 'B' : 'A';
    CHECK_THROWS(verifier.add("centre", changed));
    // One that needs a password asks nobody for it.
    std::string const locked =
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,"
        "00112233445566778899AABBCCDDEEFF\n\n";
    CHECK_THROWS(verifier.add("centre", std::string(own).insert(own.find('\n') + 1, locked)));
    auto const said = bytes("nothing");
    CHECK_FALSE(verifier.is_signed("centre", said, exercise.signer("centre").sign(said)));
}

TEST_CASE("a member has one key, on P-256, and certifies nobody", "[exercise][identity]")
{
    test::Folder folder;
    KeyPtr const top(EVP_EC_gen("P-256")), first(EVP_EC_gen("P-256")), second(EVP_EC_gen("P-256")),
        long_one(EVP_EC_gen("P-384"));
    auto const authority = bare_certificate("Authority", top.get(), nullptr, top.get());
    test::put(folder.path / "ca.pem", pem_of(authority.get()));
    Verifier verifier(folder.path / "ca.pem");
    auto const certified = [&](std::string const& name, KeyPtr const& key) {
        return bare_certificate(name, key.get(), authority.get(), top.get());
    };
    CHECK_THROWS_WITH(verifier.add("a", pem_of(certified("a", long_one).get())),
                      Catch::Contains("not on P-256"));
    auto const member = certified("a", first);
    verifier.add("a", pem_of(member.get()));
    CHECK_THROWS_WITH(verifier.add("a", pem_of(certified("a", second).get())),
                      Catch::Contains("known already"));
    auto const by_member = bare_certificate("b", second.get(), member.get(), first.get());
    CHECK_THROWS_WITH(verifier.add("b", pem_of(by_member.get()) + pem_of(member.get())),
                      Catch::Contains("unable to get local issuer"));
}

TEST_CASE("certificates count from five minutes before they are made until their end",
          "[exercise][identity]")
{
    using std::chrono::minutes;
    Exercise const exercise("drill-1", hours(2));
    auto const said = bytes("a track");
    auto const signature = exercise.signer("radar-1").sign(said);
    auto const added_at = [&](system_clock::duration from_now) {
        Verifier verifier(exercise.made / "ca.pem", at(from_now));
        verifier.add("radar-1", exercise.certificate("radar-1"));
        return verifier.is_signed("radar-1", said, signature);
    };
    CHECK(added_at(minutes(-4)));
    CHECK(added_at(minutes(119)));
    CHECK_THROWS_WITH(added_at(minutes(-6)), Catch::Contains("not yet valid"));
    CHECK_THROWS_WITH(added_at(minutes(121)), Catch::Contains("expired"));

    // And one that was added in its time does not outlive it.
    auto late = std::make_shared<minutes>(0);
    Verifier verifier(exercise.made / "ca.pem", [late] { return system_clock::now() + *late; });
    verifier.add("radar-1", exercise.certificate("radar-1"));
    CHECK(verifier.is_signed("radar-1", said, signature));
    *late = minutes(121);
    CHECK_FALSE(verifier.is_signed("radar-1", said, signature));
    *late = minutes(-6);
    CHECK_FALSE(verifier.is_signed("radar-1", said, signature));
}

TEST_CASE("keys and folders of identities are the user's alone, and no key of an authority is kept",
          "[exercise][identity]")
{
    Exercise const exercise;
    int keys = 0;
    for (auto const& entry : fs::recursive_directory_iterator(exercise.made)) {
        struct stat status = {};
        REQUIRE(::lstat(entry.path().c_str(), &status) == 0);
        auto const mode = status.st_mode & 07777;
        INFO(entry.path());
        if (entry.is_directory()) {
            CHECK(mode == 0700);
        } else if (bytes_of(entry.path()).find("PRIVATE KEY") != std::string::npos) {
            ++keys;
            CHECK(mode == 0600);
            CHECK(entry.path().filename() == "key.pem");
        } else {
            CHECK((mode & 0133) == 0);
        }
    }
    CHECK(keys == 2);
    CHECK(entries(exercise.folder.path) == 1);
    CHECK(entries(exercise.made) == 4);
    CHECK(entries(exercise.made / "centre") == 5);
    for (char const* name : {"ca.pem", "governance.p7s"}) {
        CHECK(bytes_of(exercise.made / "centre" / name) == bytes_of(exercise.made / name));
    }
}

TEST_CASE("names that would leave a folder, a certificate or XML are refused",
          "[exercise][identity]")
{
    std::string const of_64(64, 'a');
    CHECK(refusal(of_64, {{of_64, {}}}).empty());
    for (std::string const& name :
         {std::string(), std::string(".."), std::string("a/b"), std::string("A"),
          std::string("a b"), std::string("a,CN=b"), std::string("<a>"), std::string("a\0b", 3),
          std::string("\xc3\xa9"), of_64 + "a"}) {
        INFO(name);
        CHECK_THAT(refusal("drill", {{name, {}}}), Catch::Contains("no name of a member"));
    }
    for (std::string const& name : {std::string(), std::string("a/b"), std::string("a,O=b"),
                                    std::string("a|b"), std::string("a<"), of_64 + "a"}) {
        CHECK_THAT(refusal(name, two_members()), Catch::Contains("no name of an exercise"));
    }
    for (std::string const& topic :
         {std::string(), std::string("*"), std::string("a?"), std::string("a[bc]"),
          std::string("a</topic><topic>b"), std::string("a b"), std::string(257, 'a')}) {
        CHECK_THAT(refusal("drill", {{"a", {{topic}, {}}}}), Catch::Contains("no name of a topic"));
        CHECK_THAT(refusal("drill", {{"a", {{}, {topic}}}}), Catch::Contains("no name of a topic"));
    }
    CHECK_THAT(refusal("drill", {{"a", {}}, {"a", {}}}), Catch::Contains("two members"));
    CHECK_THAT(refusal("drill", {}), Catch::Contains("without members"));
    CHECK_THAT(refusal("drill", two_members(), hours(0)), Catch::Contains("0 hours"));
    CHECK_THAT(refusal("drill", two_members(), hours(8785)), Catch::Contains("8785 hours"));
}

TEST_CASE("identities that are there are not replaced", "[exercise][identity]")
{
    Exercise const exercise;
    auto const before = bytes_of(exercise.made / "centre" / "key.pem");
    for (auto const& path : {exercise.made, exercise.made / ""}) {
        CHECK_THROWS_WITH(make_identities(path, "drill-1", two_members(), hours(1)),
                          Catch::Contains("is there already"));
    }
    CHECK_THROWS_WITH(make_identities(exercise.made / "ca.pem", "drill-1", two_members(), hours(1)),
                      Catch::Contains("is there already"));
    CHECK(bytes_of(exercise.made / "centre" / "key.pem") == before);
    CHECK(entries(exercise.folder.path) == 1);

    auto const empty = exercise.folder.path / "empty";
    fs::create_directory(empty);
    make_identities(empty / "", "drill-1", two_members(), hours(1));
    CHECK(entries(empty) == 4);
}

TEST_CASE("where identities cannot be written, it says which file and why, and leaves nothing",
          "[exercise][identity]")
{
    test::Folder folder;
    auto const made = folder.path / "made";
    std::string said;
    // The authority's certificate fits, the governance does not.
    {
        NarrowDisk const disk(1500);
        try {
            make_identities(made, "drill-1", two_members(), hours(1));
        } catch (std::runtime_error const& error) {
            said = error.what();
        }
    }
    CHECK_THAT(said, Catch::Contains((made / "governance.p7s").string()) &&
                         Catch::Contains("could not be written (File too large)"));
    CHECK(entries(folder.path) == 0);

    CHECK_THROWS_WITH(make_identities(made / "made", "drill-1", two_members(), hours(1)),
                      Catch::Contains("No such file or directory"));
    CHECK(entries(folder.path) == 0);
    if (::geteuid() != 0) {  // who may write everywhere
        fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
        CHECK_THROWS_WITH(make_identities(made, "drill-1", two_members(), hours(1)),
                          Catch::Contains("Permission denied"));
        fs::permissions(folder.path, fs::perms::owner_all);
    }
}

TEST_CASE("what is no key and no certificate is refused by name", "[exercise][identity]")
{
    Exercise const exercise;
    auto const certificate = exercise.made / "ca.pem";
    CHECK_THROWS_WITH(Signer(certificate), Catch::Contains(certificate.string()));
    CHECK_THROWS_WITH(Signer(exercise.made / "none.pem"),
                      Catch::Contains("none.pem cannot be read"));
    CHECK_THROWS_WITH(Signer(exercise.made), Catch::Contains("it is a folder"));
    auto const key = exercise.made / "centre" / "key.pem";
    CHECK_THROWS_WITH(Verifier(key), Catch::Contains(key.string()));

    auto const other = exercise.folder.path / "other.pem";
    KeyPtr const edwards(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    auto const memory = new_memory();
    PEM_write_bio_PrivateKey(memory.get(), edwards.get(), nullptr, nullptr, 0, nullptr, nullptr);
    test::put(other, text_in(memory.get()));
    CHECK_THROWS_WITH(Signer(other), Catch::Contains("no key on P-256"));
}

TEST_CASE("signed permissions name the topics of a member and no other", "[exercise][identity]")
{
    Exercise const exercise, stranger;
    for (auto const& member : two_members()) {
        auto const document = bytes_of(exercise.made / member.name / "permissions.p7s");
        auto const text = signed_text(document, exercise.made / "ca.pem");
        REQUIRE_FALSE(text.empty());
        auto const in = [&](std::string const& verb) {
            auto const parts = all_between(text, "<" + verb + ">", "</" + verb + ">");
            REQUIRE(parts.size() == 1);
            return all_between(parts[0], "<topic>", "</topic>");
        };
        CHECK(in("publish") == member.rights.publishes);
        CHECK(in("subscribe") == member.rights.subscribes);
        CHECK(all_between(text, "<topic>", "<").size() ==
              member.rights.publishes.size() + member.rights.subscribes.size());
        CHECK(all_between(text, "<subject_name>", "<") ==
              std::vector<std::string>{"CN=" + member.name + ",OU=drill-1,O=longwatch"});
        CHECK(all_between(text, "<default>", "<") == std::vector<std::string>{"DENY"});

        CHECK(is_signed_by_chain(document, exercise.made / "ca.pem"));
        CHECK(signed_text(document, stranger.made / "ca.pem").empty());
        auto changed = document;
        changed.replace(changed.find("<topic>longwatch"), 16, "<topic>Longwatch");
        CHECK(signed_text(changed, exercise.made / "ca.pem").empty());
    }
}

TEST_CASE("the governance lets nobody in without a certificate", "[exercise][identity]")
{
    Exercise const exercise;
    auto const text =
        signed_text(bytes_of(exercise.made / "governance.p7s"), exercise.made / "ca.pem");
    auto const says = [&](std::string const& name) {
        auto const found = all_between(text, "<" + name + ">", "<");
        return found.size() == 1 ? found[0] : "";
    };
    CHECK(says("allow_unauthenticated_participants") == "false");
    CHECK(says("enable_join_access_control") == "true");
    CHECK(says("enable_read_access_control") == "true");
    CHECK(says("enable_write_access_control") == "true");
    CHECK(says("discovery_protection_kind") == "ENCRYPT");
    CHECK(says("liveliness_protection_kind") == "ENCRYPT");
    CHECK(says("metadata_protection_kind") == "ENCRYPT");
    CHECK(says("topic_expression") == "*");
}

TEST_CASE("a member cannot sign its own permissions", "[exercise][identity]")
{
    Exercise const exercise;
    auto const forgery = forged("<dds>all of it</dds>", exercise.made / "radar-1");
    CHECK_FALSE(signed_text(forgery, exercise.made / "radar-1" / "identity.pem").empty());
    CHECK(signed_text(forgery, exercise.made / "ca.pem").empty());
    CHECK_FALSE(is_signed_by_chain(forgery, exercise.made / "ca.pem"));
}

}  // namespace
}  // namespace longwatch
