// The server of an exercise's page, spoken to as a browser does, and as one who should not: host/exercise/page/README.md.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "host/exercise/page_server.hpp"
#include "tests/support/object_beside.hpp"

namespace longwatch {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr auto page_patience = 60s;  // for what must come, on a busy machine

/// A connection of a client's.
class Caller {
public:
    explicit Caller(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        is_connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    ~Caller() { ::close(socket_); }
    Caller(Caller const&) = delete;
    Caller& operator=(Caller const&) = delete;

    bool is_connected() const { return is_connected_; }

    void say(std::string const& text) const
    {
        for (std::size_t sent = 0; sent < text.size();) {
            auto const n = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) { return; }
            sent += static_cast<std::size_t>(n);
        }
    }

    /// All that comes, until it is enough or the server has nothing more to say.
    template <class Enough>
    std::string heard_until(Enough const& is_enough)
    {
        auto const until = steady_clock::now() + page_patience;
        while (!is_enough(heard_) && steady_clock::now() < until) {
            pollfd one{socket_, POLLIN, 0};
            if (::poll(&one, 1, 100) <= 0) { continue; }
            char held[4096];
            auto const n = ::recv(socket_, held, sizeof held, 0);
            if (n <= 0) {
                has_ended_ = true;
                break;
            }
            heard_.append(held, static_cast<std::size_t>(n));
        }
        return heard_;
    }
    std::string heard()
    {
        return heard_until([](auto const&) { return false; });
    }
    bool has_ended() const { return has_ended_; }

private:
    int socket_;
    bool is_connected_, has_ended_ = false;
    std::string heard_;
};

struct Answer {
    int status = 0;
    std::string head, body;

    std::string header(std::string const& name) const
    {
        auto const at = head.find("\r\n" + name + ": ");
        if (at == std::string::npos) { return ""; }
        auto const begin = at + name.size() + 4;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

Answer answer_of(std::string const& heard)
{
    Answer answer;
    auto const end = heard.find("\r\n\r\n");
    if (end == std::string::npos || heard.rfind("HTTP/1.1 ", 0) != 0) { return answer; }
    answer.status = std::stoi(heard.substr(9, 3));
    answer.head = heard.substr(0, end + 2);
    answer.body = heard.substr(end + 4);
    return answer;
}

class Watched {
public:
    static constexpr char const* token = "0123456789abcdef0123456789abcdef";

    Watched()
    {
        PageSettings settings;
        settings.token = token;
        settings.files = page_files();
        settings.land = R"({"cell_deg": 30, "rows": ["12"]})";
        server = open_page_server(settings);
        port = server->port();
        host = "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
    }

    static std::string secret(std::string const& is) { return "X-Longwatch-Token: " + is + "\r\n"; }
    Answer raw(std::string const& request) const
    {
        Caller caller(port);
        caller.say(request);
        return answer_of(caller.heard());
    }
    Answer get(std::string const& path, std::string const& headers = "") const
    {
        return raw("GET " + path + " HTTP/1.1\r\n" + host + headers + "\r\n");
    }
    Answer post(std::string const& body, std::string const& headers = secret(token)) const
    {
        return raw("POST /control HTTP/1.1\r\n" + host + headers +
                   "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    std::string events() const { return "GET /events HTTP/1.1\r\n" + host + "\r\n"; }

    std::unique_ptr<PageServer> server;
    int port = 0;
    std::string host;
};

void check_headers(Answer const& answer)
{
    CAPTURE(answer.head);
    CHECK(answer.header("Content-Security-Policy") ==
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src "
          "'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
    CHECK(answer.header("Cache-Control") == "no-store");
}

std::size_t count_of(std::string const& text, std::string const& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

TEST_CASE("the program carries the page's files as they are", "[page]")
{
    auto const files = page_files();
    std::size_t in_folder = 0;
    for (auto const& entry :
         fs::directory_iterator(std::string(LW_SOURCE_DIR) + "/host/exercise/page")) {
        if (entry.path().extension() == ".md") { continue; }
        ++in_folder;
        auto const path = "/" + entry.path().filename().string();
        auto const at = std::find_if(files.begin(), files.end(),
                                     [&](auto const& file) { return file.path == path; });
        CAPTURE(path);
        REQUIRE(at != files.end());
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        CHECK(at->text == text.str());
    }
    CHECK(files.size() == in_folder);
}

TEST_CASE("a token is 128 bits that nobody guesses", "[page]")
{
    auto const token = page_token();
    CHECK(token.size() == 32);
    CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(token != page_token());
}

TEST_CASE("the server gives the page out, with its token, and every file as what it is", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    for (auto const& file : page_files()) {
        auto const answer = watched.get(file.path);
        CAPTURE(file.path);
        CHECK(answer.status == 200);
        check_headers(answer);
        auto const ending = fs::path(file.path).extension();
        CHECK(answer.header("Content-Type") == std::string("text/") +
                                                   (ending == ".html"  ? "html"
                                                    : ending == ".css" ? "css"
                                                                       : "javascript") +
                                                   "; charset=utf-8");
        if (file.path != "/index.html") { CHECK(answer.body == file.text); }
    }
    auto const page = watched.get("/");
    CHECK(page.body == watched.get("/index.html").body);
    CHECK(page.body.find("content=\"" + std::string(Watched::token) + '"') != std::string::npos);
    CHECK(page.body.find("@TOKEN@") == std::string::npos);
    auto const land = watched.get("/land");
    CHECK(land.header("Content-Type") == "application/json");
    CHECK(land.body == R"({"cell_deg": 30, "rows": ["12"]})");
}

TEST_CASE("a browser that takes less, in parts or compressed is given the whole as it is", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    auto const answer = watched.get(
        "/words.js", "Accept-Encoding: gzip, deflate, br\r\nRange: bytes=3-9,20-30\r\n");
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Encoding").empty());
    CHECK(answer.body == watched.get("/words.js?x=1").body);
}

TEST_CASE("the page is told what was shown last", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    CHECK(watched.get("/state").body == "{}");
    watched.server->show("{\"schema\": 1,\r\n \"study\": \"a\"}");
    auto const state = watched.get("/state");
    CHECK(state.status == 200);
    CHECK(state.header("Content-Type") == "application/json");
    CHECK(state.body == "{\"schema\": 1,   \"study\": \"a\"}");
    check_headers(state);
    std::string const large = '"' + std::string(7'999'998, 'x') + '"';
    watched.server->show(large);
    CHECK(watched.get("/state").body == large);
}

TEST_CASE("a stream tells the state twice a second though nothing changes, and the last one",
          "[page]")
{
    test::need_object("longwatch_page.so");
    Watched watched;
    watched.server->show("{\"a\":\n1}");
    Caller caller(watched.port);
    auto const start = steady_clock::now();
    caller.say(watched.events());
    auto const heard = caller.heard_until(
        [](auto const& text) { return count_of(text, "data: {\"a\": 1}\n\n") >= 4; });
    // The first at once; half a second between two.
    CHECK(steady_clock::now() - start >= 1400ms);
    CHECK(count_of(heard, "data: {\"a\": 1}\n\n") >= 4);
    auto const answer = answer_of(heard);
    CHECK(answer.status == 200);
    CHECK(answer.header("Content-Type") == "text/event-stream");
    check_headers(answer);
    watched.server->show("{\"over\": true}");
    watched.server.reset();
    CHECK(caller.heard().find("data: {\"over\": true}\n\n") != std::string::npos);
    CHECK(caller.has_ended());
}

TEST_CASE("what the page asks for comes out in its order, once", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    CHECK(watched.server->asked().empty());
    auto const answer = watched.post(R"({"action": "pause"})");
    CHECK(answer.status == 204);
    CHECK(answer.body.empty());
    check_headers(answer);
    CHECK(watched.post(R"({"action": "speed", "speed": 10})").status == 204);
    auto const asked = watched.server->asked();
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].action == PageWish::Action::pause);
    CHECK(asked[1].action == PageWish::Action::speed);
    CHECK(asked[1].speed == 10);
    CHECK(watched.server->asked().empty());
}

TEST_CASE("what is asked for too often is refused, and the first hundred are kept", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    for (int k = 0; k < 100; ++k) { REQUIRE(watched.post(R"({"action":"pause"})").status == 204); }
    CHECK(watched.post(R"({"action":"resume"})").status == 503);
    CHECK(watched.server->asked().size() == 100);
    CHECK(watched.post(R"({"action":"resume"})").status == 204);
}

TEST_CASE("nobody controls without the token", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    std::string const wish = R"({"action": "pause"})";
    std::string const right = Watched::token;
    for (auto const& headers :
         {std::string(), Watched::secret(""), Watched::secret(right.substr(1)),
          Watched::secret(right + "0"), Watched::secret("@TOKEN@"),
          Watched::secret(Watched::token) + Watched::secret(Watched::token),
          "Cookie: X-Longwatch-Token=" + right + "\r\n"}) {
        CAPTURE(headers);
        auto const answer = watched.post(wish, headers);
        CHECK(answer.status == 403);
        check_headers(answer);
    }
    CHECK(watched.server->asked().empty());

    PageSettings settings;
    settings.files = page_files();
    auto const uncontrolled = open_page_server(settings);
    Caller caller(uncontrolled->port());
    caller.say(
        "POST /control HTTP/1.1\r\nHost: localhost\r\nX-Longwatch-Token: \r\n"
        "Content-Length: " +
        std::to_string(wish.size()) + "\r\n\r\n" + wish);
    CHECK(answer_of(caller.heard()).status == 403);
}

TEST_CASE("a name that was made to lead here is not answered", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    auto const status_of = [&](std::string const& headers) {
        auto const answer = watched.raw("GET /state HTTP/1.1\r\n" + headers + "\r\n");
        check_headers(answer);
        return answer.status;
    };
    auto const port = ":" + std::to_string(watched.port);
    for (std::string const host : {"localhost", "127.0.0.1", "[::1]"}) {
        CAPTURE(host);
        CHECK(status_of("Host: " + host + "\r\n") == 200);
        CHECK(status_of("Host: " + host + port + "\r\n") == 200);
        CHECK(status_of("Host: " + host + ":1\r\n") == 403);
    }
    for (std::string const host : {"example.org", "localhost.example.org", "127.0.0.1.example.org",
                                   "", "127.0.0.2", "user@localhost", "::1"}) {
        CAPTURE(host);
        CHECK(status_of("Host: " + host + "\r\n") == 403);
        CHECK(status_of("Host: " + host + port + "\r\n") == 403);
    }
    CHECK(status_of("") == 403);
    CHECK(status_of("Host: localhost\r\nHost: example.org\r\n") == 403);
    CHECK(watched
              .raw("POST /control HTTP/1.1\r\nHost: example.org\r\n" +
                   Watched::secret(Watched::token) +
                   "Content-Length: 19\r\n\r\n{\"action\": \"pause\"}")
              .status == 403);
    CHECK(watched.server->asked().empty());
}

TEST_CASE("what the page does not need is refused", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    auto const status_of = [&](std::string const& line, std::string const& rest = "\r\n") {
        CAPTURE(line);
        auto const answer = watched.raw(line + " HTTP/1.1\r\n" + watched.host + rest);
        check_headers(answer);
        return answer.status;
    };
    for (auto const* path : {"/README.md", "/index.htm", "/../SECURITY.md", "/%2e%2e/SECURITY.md",
                             "//page.js", "/page.js/", "*", "http://localhost/state"}) {
        CHECK(status_of(std::string("GET ") + path) == 404);
    }
    for (auto const* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"}) {
        CHECK(status_of(std::string(method) + " /state") == 405);
    }
    CHECK(status_of("GET /control") == 405);
    CHECK(status_of("OPTIONS /control", "Origin: http://example.org\r\n\r\n") == 405);
    CHECK(status_of("BREW /state") == 400);
    CHECK(watched.get("/state", "Long: " + std::string(9000, 'x') + "\r\n").status == 400);

    auto const secret = Watched::secret(Watched::token);
    CHECK(status_of("POST /control", secret + "\r\n") == 411);
    CHECK(status_of("POST /control", secret + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") ==
          411);
    CHECK(watched.post(R"({"action": "pause"})" + std::string(182, ' ')).status == 413);
    CHECK(status_of("POST /control", secret + "Content-Length: -1\r\n\r\n") == 413);
    CHECK(status_of("POST /control", secret + "Content-Length: x\r\n\r\n") == 400);
    CHECK(watched.post("").status == 400);
    CHECK(watched.post(R"({"action": "stop"})").status == 400);
    CHECK(watched.server->asked().empty());
    // As long as it may be; and of a type that has parts elsewhere.
    CHECK(watched
              .post(R"({"action": "pause"})" + std::string(181, ' '),
                    secret + "Content-Type: multipart/form-data; boundary=x\r\n")
              .status == 204);
}

TEST_CASE("sixteen may watch, one more is told that it is one too many, and the page still comes",
          "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    std::vector<std::unique_ptr<Caller>> watching;
    auto const watch = [&] {
        auto& caller = *watching.emplace_back(std::make_unique<Caller>(watched.port));
        caller.say(watched.events());
        return answer_of(
                   caller.heard_until([](auto const& text) { return count_of(text, "{}") > 0; }))
            .status;
    };
    for (int k = 0; k < 16; ++k) { REQUIRE(watch() == 200); }
    CHECK(watched.get("/events").status == 503);
    CHECK(watched.get("/").status == 200);
    CHECK(watched.post(R"({"action":"pause"})").status == 204);
    watching.clear();
    // A stream is known to have ended once it cannot be told something.
    auto const until = steady_clock::now() + page_patience;
    int status = 503;
    while (status == 503 && steady_clock::now() < until) { status = watch(); }
    CHECK(status == 200);
}

TEST_CASE(
    "who says nothing, or takes nothing, keeps the server neither from others nor from ending",
    "[page]")
{
    test::need_object("longwatch_page.so");
    Watched watched;
    watched.server->show('"' + std::string(7'999'998, 'x') + '"');
    std::vector<std::unique_ptr<Caller>> idle;
    for (int k = 0; k < 20; ++k) {
        idle.push_back(std::make_unique<Caller>(watched.port));
        REQUIRE(idle.back()->is_connected());
        if (k % 2 == 0) { idle.back()->say(k % 4 == 0 ? watched.events() : "GET /sta"); }
    }
    CHECK(watched.get("/").status == 200);
    auto const start = steady_clock::now();
    watched.server.reset();
    // Streams have two seconds for the last snapshot.
    CHECK(steady_clock::now() - start < page_patience);
}

TEST_CASE("what never ends is not listened to for ever", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    Caller endless(watched.port);
    endless.say("GET /state HTTP/1.1\r\n" + watched.host);
    for (int k = 0; k < 4000; ++k) { endless.say("A: b\r\n"); }
    CHECK(answer_of(endless.heard()).status == 400);
    CHECK(endless.has_ended());
}

TEST_CASE("two servers do not share a port, and the second says what to do", "[page]")
{
    test::need_object("longwatch_page.so");
    Watched const watched;
    PageSettings settings;
    settings.port = watched.port;
    try {
        open_page_server(settings);
        FAIL("it listens");
    } catch (std::runtime_error const& said) {
        std::string const text = said.what();
        CHECK(text.find("127.0.0.1, port " + std::to_string(watched.port)) != std::string::npos);
        CHECK(text.find("choose another") != std::string::npos);
    }
    settings.address = "192.0.2.1";  // of nobody: RFC 5737
    CHECK_THROWS_AS(open_page_server(settings), std::runtime_error);
}

TEST_CASE("an IPv6 address is taken with brackets or without", "[page]")
{
    test::need_object("longwatch_page.so");
    std::ostringstream addresses;
    addresses << std::ifstream("/proc/net/if_inet6").rdbuf();
    if (addresses.str().find(std::string(31, '0') + '1') == std::string::npos) {
        WARN("skipped: this machine has no IPv6");
        return;
    }
    for (auto const* address : {"::1", "[::1]"}) {
        PageSettings settings;
        settings.address = address;
        CHECK(open_page_server(settings)->port() > 0);
    }
}

TEST_CASE("a server changes nothing for the signals of the program", "[page]")
{
    test::need_object("longwatch_page.so");
    struct sigaction before {
    }, during{};
    ::sigaction(SIGPIPE, nullptr, &before);
    Watched const watched;
    ::sigaction(SIGPIPE, nullptr, &during);
    CHECK(during.sa_handler == before.sa_handler);
}

}  // namespace
}  // namespace longwatch
