#include "host/exercise/identity.hpp"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <set>

#include "host/exercise/openssl_object.hpp"

namespace longwatch {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes clocks_differ_by{5};
constexpr std::chrono::hours valid_for_max{366 * 24};
constexpr std::size_t name_size_max = 64;  // of a common name and of a unit (RFC 5280, appendix A)
constexpr std::size_t topic_size_max = 256;
constexpr mode_t of_the_user = 0600, of_all = 0644;

constexpr std::string_view small_letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view large_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";

struct Validity {
    std::time_t from_s = 0, until_s = 0;  // since 1970
};

bool is_made_of(std::string_view text, std::string_view others, bool large)
{
    return std::all_of(text.begin(), text.end(), [&](char c) {
        auto const in = [c](std::string_view set) { return set.find(c) != std::string_view::npos; };
        return in(small_letters) || in(digits) || in(others) || (large && in(large_letters));
    });
}

// A name that is refused, fit for a message: what is not a printable letter of ASCII becomes '?'.
std::string in_quotes(std::string_view name)
{
    std::string text = "'";
    for (char const c : name.substr(0, name_size_max)) { text += c >= ' ' && c <= '~' ? c : '?'; }
    return text + (name.size() > name_size_max ? "...'" : "'");
}

void check_topics(Member const& member, std::vector<std::string> const& topics)
{
    for (auto const& topic : topics) {
        if (topic.empty() || topic.size() > topic_size_max || !is_made_of(topic, "_-/", true)) {
            throw std::runtime_error("topic " + in_quotes(topic) + " of member " + member.name +
                                     " is no name of a topic (use 1 to 256 letters, digits, '_', "
                                     "'-' and '/')");
        }
    }
}

void check(std::string const& exercise, std::vector<Member> const& members,
           std::chrono::hours valid_for)
{
    if (!is_exercise_name(exercise)) {
        throw std::runtime_error(in_quotes(exercise) +
                                 " is no name of an exercise (use 1 to 64 letters, digits, '_', "
                                 "'.' and '-')");
    }
    if (members.empty()) { throw std::runtime_error("an exercise without members"); }
    std::set<std::string_view> names;
    for (auto const& member : members) {
        if (!is_member_name(member.name)) {
            throw std::runtime_error(in_quotes(member.name) +
                                     " is no name of a member (use 1 to 64 of a to z, digits and "
                                     "'-')");
        }
        if (!names.insert(member.name).second) {
            throw std::runtime_error("two members have the name " + member.name);
        }
        check_topics(member, member.rights.publishes);
        check_topics(member, member.rights.subscribes);
    }
    if (valid_for < std::chrono::hours(1) || valid_for > valid_for_max) {
        throw std::runtime_error("identities cannot be valid for " +
                                 std::to_string(valid_for.count()) +
                                 " hours (1 to 8784 are possible)");
    }
}

// A folder that appears under its name when all is in it, and not at all if not.
class NewFolder {
public:
    explicit NewFolder(fs::path const& path) : path_(path.lexically_normal())
    {
        if (!path_.has_filename()) { path_ = path_.parent_path(); }
        std::error_code error;
        auto const status = fs::symlink_status(path_, error);
        if (fs::exists(status) && !(fs::is_directory(status) && fs::is_empty(path_, error))) {
            throw std::runtime_error(path_.string() +
                                     " is there already (remove it or name another folder)");
        }
        auto name = (beside() / ("." + path_.filename().string() + ".XXXXXX")).string();
        if (::mkdtemp(name.data()) == nullptr) { fail(path_, "made"); }
        partial_ = name;
    }
    ~NewFolder()
    {
        std::error_code ignored;
        if (!partial_.empty()) { fs::remove_all(partial_, ignored); }
    }
    NewFolder(NewFolder const&) = delete;
    NewFolder& operator=(NewFolder const&) = delete;
    NewFolder(NewFolder&&) = delete;
    NewFolder& operator=(NewFolder&&) = delete;

    void add_folder(fs::path const& name) const
    {
        if (::mkdir((partial_ / name).c_str(), 0700) != 0) { fail(path_ / name, "made"); }
    }

    // The file has its mode from the start.
    void add(fs::path const& name, std::string_view text, mode_t mode) const
    {
        int const flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
        int const file = ::open((partial_ / name).c_str(), flags, mode);
        if (file < 0) { fail(path_ / name, "made"); }
        bool const written = write_all(file, text) && ::fsync(file) == 0;
        int const why = errno;
        bool const closed = ::close(file) == 0;
        if (!written) { errno = why; }
        if (!written || !closed) { fail(path_ / name, "written"); }
    }

    // An empty folder of that name is replaced; one that has got something in it meanwhile is not.
    void appear()
    {
        sync(partial_);
        if (::rename(partial_.c_str(), path_.c_str()) != 0) { fail(path_, "made"); }
        partial_.clear();
        sync(beside());
    }

private:
    [[noreturn]] static void fail(fs::path const& path, std::string const& done)
    {
        auto const why = std::generic_category().message(errno);
        throw std::runtime_error(path.string() + " could not be " + done + " (" + why + ")");
    }

    static bool write_all(int file, std::string_view text)
    {
        while (!text.empty()) {
            auto const written = ::write(file, text.data(), text.size());
            if (written < 0 && errno == EINTR) { continue; }
            if (written < 0) { return false; }
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

    // So that a power cut leaves all or nothing; where a folder cannot be synced there is no more to do.
    static void sync(fs::path const& folder)
    {
        int const open = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (open < 0) { return; }
        ::fsync(open);
        ::close(open);
    }

    fs::path beside() const { return path_.has_parent_path() ? path_.parent_path() : "."; }

    fs::path path_, partial_;
};

KeyPtr new_key() { return KeyPtr(must_have(EVP_EC_gen("P-256"), "no key could be made")); }

void add_to(X509_NAME* name, char const* field, std::string const& text)
{
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.data());
    must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_ASC, bytes, static_cast<int>(text.size()),
                                    -1, 0),
         "a name does not fit into a certificate");
}

void add_extension(X509* certificate, X509* issuer, int kind, char const* value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    ExtensionPtr const extension(must_have(X509V3_EXT_conf_nid(nullptr, &context, kind, value),
                                           "no extension of a certificate could be made"));
    must(X509_add_ext(certificate, extension.get(), -1), "a certificate takes no extension");
}

// 127 random bits, so that no two certificates have the same.
AsnNumberPtr new_serial()
{
    NumberPtr const number(must_have(BN_new(), "no memory for a number"));
    must(BN_rand(number.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY), "no random numbers");
    return AsnNumberPtr(must_have(BN_to_ASN1_INTEGER(number.get(), nullptr), "no serial number"));
}

// All but extensions, issuer and signature.
CertificatePtr new_certificate(std::string const& exercise, std::string const& name, EVP_PKEY* key,
                               Validity const& validity)
{
    constexpr char const* problem = "no certificate could be made";
    CertificatePtr certificate(must_have(X509_new(), problem));
    auto* const x = certificate.get();
    must(X509_set_version(x, X509_VERSION_3), problem);
    must(X509_set_serialNumber(x, new_serial().get()), problem);
    must_have(ASN1_TIME_set(X509_getm_notBefore(x), validity.from_s), problem);
    must_have(ASN1_TIME_set(X509_getm_notAfter(x), validity.until_s), problem);
    add_to(X509_get_subject_name(x), "O", "longwatch");
    add_to(X509_get_subject_name(x), "OU", exercise);
    add_to(X509_get_subject_name(x), "CN", name);
    must(X509_set_pubkey(x, key), problem);
    return certificate;
}

std::string pem_of(X509* certificate)
{
    auto const memory = new_memory();
    must(PEM_write_bio_X509(memory.get(), certificate), "a certificate could not be written");
    return std::string(text_in(memory.get()));
}

// As the security of DDS compares it (RFC 2253).
std::string subject_of(X509* certificate)
{
    auto const memory = new_memory();
    if (X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) <
        0) {
        fail_by_openssl("the name in a certificate could not be written");
    }
    return std::string(text_in(memory.get()));
}

// Its key lives here and nowhere else.
class Authority {
public:
    Authority(std::string const& exercise, Validity const& validity)
        : exercise_(exercise), validity_(validity), key_(new_key()),
          // With blanks, so that no member can have this name.
          certificate_(new_certificate(exercise, "authority of the exercise", key_.get(), validity))
    {
        auto* const own = certificate_.get();
        must(X509_set_issuer_name(own, X509_get_subject_name(own)), "no issuer");
        add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
        // Certificates, and the documents of the exercise.
        add_extension(own, own, NID_key_usage, "critical,keyCertSign,digitalSignature");
        add_extension(own, own, NID_subject_key_identifier, "hash");
        must(X509_sign(own, key_.get(), EVP_sha256()) > 0 ? 1 : 0, "signing failed");
    }

    CertificatePtr issue(std::string const& name, EVP_PKEY* key) const
    {
        auto certificate = new_certificate(exercise_, name, key, validity_);
        auto* const x = certificate.get();
        auto* const own = certificate_.get();
        must(X509_set_issuer_name(x, X509_get_subject_name(own)), "no issuer");
        add_extension(x, own, NID_basic_constraints, "critical,CA:FALSE");
        add_extension(x, own, NID_key_usage, "critical,digitalSignature");
        // Not for mail, and so not for documents: Cyclone DDS 0.10.2 takes a document from whomever the authority has certified
        // for mail, as without this line every member would be, and could sign permissions for itself.
        add_extension(x, own, NID_ext_key_usage, "clientAuth,serverAuth");
        add_extension(x, own, NID_subject_key_identifier, "hash");
        add_extension(x, own, NID_authority_key_identifier, "keyid:always");
        must(X509_sign(x, key_.get(), EVP_sha256()) > 0 ? 1 : 0, "signing failed");
        return certificate;
    }

    // S/MIME: the text, legible, and the signature as a second part (RFC 8551, multipart/signed).
    std::string sign(std::string const& text) const
    {
        constexpr int flags = PKCS7_TEXT | PKCS7_DETACHED | PKCS7_STREAM | PKCS7_NOSMIMECAP;
        auto const in = memory_of(text);
        SignedDocumentPtr const document(
            must_have(PKCS7_sign(certificate_.get(), key_.get(), nullptr, in.get(), flags),
                      "a document could not be signed"));
        auto const out = new_memory();
        must(SMIME_write_PKCS7(out.get(), document.get(), in.get(), flags),
             "a signed document could not be written");
        return std::string(text_in(out.get()));
    }

    std::string pem() const { return pem_of(certificate_.get()); }

private:
    std::string const& exercise_;
    Validity validity_;
    KeyPtr key_;
    CertificatePtr certificate_;
};

// An instant in UTC, as XML has it.
std::string xml_time(std::time_t t_s)
{
    std::tm parts{};
    std::array<char, 32> text{};
    if (::gmtime_r(&t_s, &parts) == nullptr ||
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        throw std::runtime_error("this machine's clock shows no date");
    }
    return text.data();
}

std::string xml_document(std::string const& schema, std::string const& inside)
{
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
           "<dds xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
           "     xsi:noNamespaceSchemaLocation="
           "\"https://www.omg.org/spec/DDS-SECURITY/20170901/" +
           schema + "\">\n" + inside + "</dds>\n";
}

constexpr char const* all_domains =
    "<domains><id_range><min>0</min><max>230</max></id_range></domains>\n";

std::string governance()
{
    return xml_document(
        "omg_shared_ca_governance.xsd",
        std::string("<domain_access_rules><domain_rule>\n") + all_domains +
            R"(<allow_unauthenticated_participants>false</allow_unauthenticated_participants>
<enable_join_access_control>true</enable_join_access_control>
<discovery_protection_kind>ENCRYPT</discovery_protection_kind>
<liveliness_protection_kind>ENCRYPT</liveliness_protection_kind>
<rtps_protection_kind>NONE</rtps_protection_kind>
<topic_access_rules><topic_rule>
<topic_expression>*</topic_expression>
<enable_discovery_protection>true</enable_discovery_protection>
<enable_liveliness_protection>true</enable_liveliness_protection>
<enable_read_access_control>true</enable_read_access_control>
<enable_write_access_control>true</enable_write_access_control>
<metadata_protection_kind>ENCRYPT</metadata_protection_kind>
<data_protection_kind>NONE</data_protection_kind>
</topic_rule></topic_access_rules>
</domain_rule></domain_access_rules>
)");
}

std::string right_to(std::string const& verb, std::vector<std::string> const& topics)
{
    if (topics.empty()) { return ""; }
    std::string text = "<" + verb + "><topics>\n";
    for (auto const& topic : topics) { text += "<topic>" + topic + "</topic>\n"; }
    return text + "</topics></" + verb + ">\n";
}

std::string permissions(Member const& member, std::string const& subject, Validity const& validity)
{
    return xml_document("omg_shared_ca_permissions.xsd",
                        "<permissions><grant name=\"" + member.name + "\">\n<subject_name>" +
                            subject + "</subject_name>\n<validity>\n<not_before>" +
                            xml_time(validity.from_s) + "</not_before>\n<not_after>" +
                            xml_time(validity.until_s) +
                            "</not_after>\n</validity>\n<allow_rule>\n" + all_domains +
                            right_to("publish", member.rights.publishes) +
                            right_to("subscribe", member.rights.subscribes) +
                            "</allow_rule>\n<default>DENY</default>\n</grant></permissions>\n");
}

void add_key(NewFolder const& folder, fs::path const& name, EVP_PKEY* key)
{
    auto const memory = new_memory();  // which OpenSSL wipes when it goes
    must(PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
         "a key could not be written");
    folder.add(name, text_in(memory.get()), of_the_user);
}

}  // namespace

bool is_member_name(std::string_view name)
{
    return !name.empty() && name.size() <= name_size_max && is_made_of(name, "-", false);
}

bool is_exercise_name(std::string_view name)
{
    return !name.empty() && name.size() <= name_size_max && is_made_of(name, "_.-", true);
}

void make_identities(fs::path const& folder, std::string const& exercise,
                     std::vector<Member> const& members, std::chrono::hours valid_for)
{
    check(exercise, members, valid_for);
    using std::chrono::system_clock;
    auto const now = system_clock::now();
    Validity const validity{system_clock::to_time_t(now - clocks_differ_by),
                            system_clock::to_time_t(now + valid_for)};
    ERR_clear_error();
    NewFolder out(folder);
    Authority const authority(exercise, validity);
    auto const authority_pem = authority.pem(), rules = authority.sign(governance());
    auto const add_shared = [&](fs::path const& where) {
        out.add(where / "ca.pem", authority_pem, of_all);
        out.add(where / "governance.p7s", rules, of_all);
    };
    add_shared("");
    for (auto const& member : members) {
        fs::path const own = member.name;
        auto const key = new_key();
        auto const certificate = authority.issue(member.name, key.get());
        out.add_folder(own);
        add_key(out, own / "key.pem", key.get());
        out.add(own / "identity.pem", pem_of(certificate.get()), of_all);
        auto const rights = permissions(member, subject_of(certificate.get()), validity);
        out.add(own / "permissions.p7s", authority.sign(rights), of_all);
        add_shared(own);
    }
    out.appear();
}

}  // namespace longwatch
