// Which code this program was built from, as the build found it (cmake/write_code_version.cmake).
#pragma once

namespace longwatch {

extern char const* const code_version;  ///< "0.1.0"
/// "1a2b3c4d5e6f"; of a changed tree "1a2b3c4d5e6f-changed-89abcdef", with a digest of the changes; or "unknown"
extern char const* const code_commit;
extern char const* const code_date;  ///< of the commit, "2024-05-01"; or ""

}  // namespace longwatch
