// Who is who in an exercise: its authority, and for every member a key, a certificate and signed permissions, as the security of
// DDS wants them (OMG DDS-SECURITY 1.1: a certificate of X.509, governance and permissions as S/MIME).
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace longwatch {

/// Names of DDS topics, exact: letters, digits, '_', '-' and '/'.
struct TopicRights {
    std::vector<std::string> publishes, subscribes;
};

struct Member {
    std::string name;
    TopicRights rights;
};

/// 1 to 64 of a to z, 0 to 9 and '-': fit for a certificate, for XML and for a folder.
bool is_member_name(std::string_view name);
/// 1 to 64 letters, digits, '_', '.' and '-': likewise.
bool is_exercise_name(std::string_view name);

/// Makes `folder`, which must not be there, or be empty:
///     ca.pem  governance.p7s                                  of the exercise
///     NAME/   identity.pem  key.pem  permissions.p7s          of every member, with copies of those two
/// Folders are the user's alone (0700), and so are keys (0600). The authority's key is written nowhere and gone with the call:
/// nobody can join later, and nobody can sign permissions. Governance: only who is authenticated may join; discovery, liveliness
/// and samples are encrypted; who may write and read a topic is in the permissions, which deny whatever they do not name.
/// Valid from five minutes ago, as clocks differ, for `valid_for` (1 hour to 366 days) from now.
/// Throws std::runtime_error; then there is no `folder`, or it is as it was.
void make_identities(std::filesystem::path const& folder, std::string const& exercise,
                     std::vector<Member> const& members, std::chrono::hours valid_for);

}  // namespace longwatch
