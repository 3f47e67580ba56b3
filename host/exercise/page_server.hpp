// Shows an exercise as a page: host/exercise/page/README.md says what page and server owe each other. What HTTP does is behind
// this page: page_http.cpp, a shared object of its own that only an exercise that is watched loads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/exercise/page_wish.hpp"

namespace longwatch {

struct PageFile {
    std::string path;  ///< as it is asked for: "/page.js"
    std::string type;  ///< "text/javascript; charset=utf-8"
    std::string text;
};

struct PageSettings {
    std::string address = "127.0.0.1";
    int port = 0;                 ///< 0: any that is free
    std::string token;            ///< who does not have it cannot control; "": nobody can
    std::vector<PageFile> files;  ///< "/index.html" has @TOKEN@ where the token goes
    std::string land;             ///< JSON of GET /land
};

class PageServer {
public:
    virtual ~PageServer() = default;
    virtual int port() const = 0;
    /// What the page is told from now on, JSON. Any thread may say it. The last one is told before the server goes.
    virtual void show(std::string snapshot) = 0;
    /// What was asked for since the last call, the oldest first. At most 100 are kept, more are refused.
    virtual std::vector<PageWish> asked() = 0;
};

/// The one function of the shared object, by this name.
inline constexpr char const* make_page_server_name = "longwatch_make_page_server";
using MakePageServer = std::unique_ptr<PageServer>(PageSettings const& settings);

/// It answers once this returns. Throws std::runtime_error, with what is to be done, where this build has no server, or it
/// cannot listen there.
std::unique_ptr<PageServer> open_page_server(PageSettings const& settings);

/// The files of host/exercise/page.
std::vector<PageFile> page_files();

/// 128 random bits in hexadecimal digits.
std::string page_token();

}  // namespace longwatch
