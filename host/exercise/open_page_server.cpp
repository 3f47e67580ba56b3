// Finds the shared object that has HTTP, and opens a server with it; what the server gives out.
#include <filesystem>
#include <random>

#include <fmt/format.h>

#include "host/command/embedded_texts.hpp"
#include "host/command/exit_status.hpp"
#include "host/command/loaded_object.hpp"
#include "host/exercise/page_server.hpp"

namespace longwatch {

namespace {

std::string page_type(std::filesystem::path const& file)
{
    auto const ending = file.extension();
    return fmt::format("text/{}; charset=utf-8", ending == ".html"  ? "html"
                                                 : ending == ".css" ? "css"
                                                                    : "javascript");
}

}  // namespace

std::unique_ptr<PageServer> open_page_server(PageSettings const& settings)
{
    MakePageServer* make = nullptr;
    try {
        make = reinterpret_cast<MakePageServer*>(loaded_function(
            {loaded_object("longwatch_page.so", "exercise"), make_page_server_name,
             "cpp-httplib is not in this build) install libcpp-httplib-dev and build again"}));
    } catch (std::runtime_error const& why) {
        throw CannotRun(std::string("the exercise cannot be shown as a page (") + why.what());
    }
    return make(settings);
}

std::vector<PageFile> page_files()
{
    std::vector<PageFile> files;
    for (auto const& [name, text] : page_texts()) {
        files.push_back({fmt::format("/{}", name), page_type(name), std::string(text)});
    }
    return files;
}

std::string page_token()
{
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace longwatch
