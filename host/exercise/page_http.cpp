// The server of an exercise's page by cpp-httplib: the only file that knows it, and with page_wish.cpp all of the shared object
// longwatch_page.so.
#include <httplib.h>
#include <poll.h>

#include <condition_variable>
#include <csignal>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "host/exercise/page_server.hpp"

namespace longwatch {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// A connection has a thread and one request; a stream keeps both.
constexpr int connections_max = 48, streams_max = 16;
constexpr std::size_t request_bytes_max = 16384, control_bytes_max = 200, wishes_max = 100;
constexpr auto request_patience = 5s;  // until all of it has come
constexpr auto answer_patience = 10s;  // for a browser that does not take what it is sent
constexpr auto last_patience = 2s;     // for streams, to send the last snapshot
constexpr auto event_every = 500ms;

constexpr std::string_view event_begin = "data: ", event_end = "\n\n";

httplib::Headers page_headers()
{
    return {{"Content-Security-Policy",
             "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
             "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
            {"X-Content-Type-Options", "nosniff"},
            {"Cache-Control", "no-store"}};
}

/// What the library reads a request from and writes an answer to: neither without end, in bytes or in time.
class PageConnection : public httplib::Stream {
public:
    explicit PageConnection(int socket) : socket_(socket) {}

    bool is_readable() const override { return at_ < got_ || is_ready(POLLIN, {}); }
    bool is_writable() const override { return is_ready(POLLOUT, {}); }

    ssize_t read(char* to, size_t size) override
    {
        if (at_ == got_ && !fill()) { return -1; }
        size = std::min(size, got_ - at_);
        std::copy_n(held_.data() + at_, size, to);
        at_ += size;
        return static_cast<ssize_t>(size);
    }

    ssize_t write(char const* from, size_t size) override
    {
        auto const until = steady_clock::now() + answer_patience;
        for (std::size_t sent = 0; sent < size;) {
            if (!is_ready(POLLOUT, until)) { return -1; }
            auto const n = ::send(socket_, from + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && errno != EAGAIN && errno != EINTR) { return -1; }
            sent += static_cast<std::size_t>(std::max<ssize_t>(n, 0));
        }
        return static_cast<ssize_t>(size);
    }

    void get_remote_ip_and_port(std::string&, int&) const override {}
    void get_local_ip_and_port(std::string&, int&) const override {}
    socket_t socket() const override { return socket_; }

    /// A socket that is closed before all has been read takes the answer back.
    void read_the_rest()
    {
        for (int k = 0; k < 64; ++k) {
            if (::recv(socket_, held_.data(), held_.size(), MSG_DONTWAIT) <= 0) { return; }
        }
    }

private:
    bool fill()
    {
        auto const room = std::min(held_.size(), request_bytes_max - read_);
        if (room == 0 || !is_ready(POLLIN, read_until_)) { return false; }
        auto const n = ::recv(socket_, held_.data(), room, MSG_DONTWAIT);
        if (n <= 0) { return false; }
        at_ = 0;
        got_ = static_cast<std::size_t>(n);
        read_ += got_;
        return true;
    }

    bool is_ready(short what, steady_clock::time_point until) const
    {
        for (;;) {
            auto const left = std::chrono::ceil<std::chrono::milliseconds>(
                std::max<steady_clock::duration>(until - steady_clock::now(), 0ms));
            pollfd one{socket_, what, 0};
            int const ready = ::poll(&one, 1, static_cast<int>(left.count()));
            if (ready >= 0 || errno != EINTR) { return ready > 0; }
        }
    }

    int socket_;
    steady_clock::time_point read_until_ = steady_clock::now() + request_patience;
    std::array<char, 4096> held_{};
    std::size_t at_ = 0, got_ = 0, read_ = 0;
};

/// Those that are open, so that they can be ended from outside.
class OpenSockets {
public:
    void add(int socket)
    {
        std::lock_guard const lock(mutex_);
        open_.insert(socket);
        if (is_ending_) { ::shutdown(socket, SHUT_RDWR); }
    }
    void close(int socket)
    {
        std::lock_guard const lock(mutex_);
        open_.erase(socket);
        ::shutdown(socket, SHUT_RDWR);
        ::close(socket);
    }
    void end()
    {
        std::lock_guard const lock(mutex_);
        is_ending_ = true;
        for (int const socket : open_) { ::shutdown(socket, SHUT_RDWR); }
    }

private:
    std::mutex mutex_;
    std::set<int> open_;
    bool is_ending_ = false;
};

/// Takes no more connections than it has threads: others wait at the door.
class PageThreads : public httplib::TaskQueue {
public:
    void enqueue(std::function<void()> task) override
    {
        {
            std::unique_lock lock(mutex_);
            freed_.wait(lock, [this] { return busy_ < connections_max; });
            ++busy_;
        }
        threads_.enqueue([this, task = std::move(task)] {
            task();
            std::lock_guard const lock(mutex_);
            --busy_;
            freed_.notify_one();
        });
    }
    void shutdown() override { threads_.shutdown(); }

private:
    std::mutex mutex_;
    std::condition_variable freed_;
    int busy_ = 0;
    httplib::ThreadPool threads_{connections_max};
};

/// The library's server turns a signal off for the whole program, and for the nodes that it starts.
struct SignalBefore {
    struct sigaction action {};
    SignalBefore() { ::sigaction(SIGPIPE, nullptr, &action); }
};

class PageListener : private SignalBefore, public httplib::Server {
public:
    PageListener()
    {
        ::sigaction(SIGPIPE, &action, nullptr);
        new_task_queue = [] { return new PageThreads; };
        // Two servers never share a port.
        set_socket_options([](int socket) {
            int const yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        set_default_headers(page_headers());
        set_exception_handler(
            [](auto const&, httplib::Response& answer, auto const&) { answer.status = 500; });
        set_post_routing_handler([](auto const&, httplib::Response& answer) {
            if (answer.status == 204) { answer.headers.erase("Content-Length"); }
        });
    }
    /// The library lets five wait to be let in, and browsers open six connections at once.
    void let_wait() const { ::listen(svr_sock_, connections_max); }
    void end_connections() { sockets_.end(); }

private:
    bool process_and_close_socket(socket_t socket) override
    {
        ::fcntl(socket, F_SETFD, FD_CLOEXEC);
        int const yes = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        sockets_.add(socket);
        bool is_answered = false;
        try {
            PageConnection connection(socket);
            bool is_closed = true;
            is_answered = process_request(connection, true, is_closed, leave_out_options);
            connection.read_the_rest();
        } catch (std::exception const&) {
            is_answered = false;
        }
        sockets_.close(socket);
        return is_answered;
    }

    /// What would make the library answer in parts, compress, decompress, or take a body apart.
    static void leave_out_options(httplib::Request& request)
    {
        request.ranges.clear();
        for (auto const* name : {"Accept-Encoding", "Content-Encoding", "Content-Type"}) {
            request.headers.erase(name);
        }
    }

    OpenSockets sockets_;
};

using Routed = httplib::Server::HandlerResponse;

Routed refuse(httplib::Response& answer, int status, std::string const& why)
{
    answer.status = status;
    answer.set_content(why + '\n', "text/plain; charset=utf-8");
    return Routed::Handled;
}

/// Runs what is given with no signal coming to the threads that it starts.
template <class Start>
void without_signals(Start const& start)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    start();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

/// An IPv6 address may be given as it stands in an URL.
std::string without_brackets(std::string const& address)
{
    bool const has = address.size() > 2 && address.front() == '[' && address.back() == ']';
    return has ? address.substr(1, address.size() - 2) : address;
}

class HttpPageServer : public PageServer {
public:
    explicit HttpPageServer(PageSettings const& settings) : token_(settings.token)
    {
        keep_texts(settings);
        show("{}");
        listener_.set_pre_routing_handler(
            [this](auto const& request, auto& answer) { return route(request, answer); });
        listener_.Post("/control", [this](auto const& request, auto& answer, auto const& body) {
            control(request, answer, body);
        });
        port_ = bound_port(settings);
        listener_.let_wait();
        name_hosts(settings.address);
        without_signals([this] {
            thread_ = std::thread([this] {
                listener_.listen_after_bind();
                has_ended_ = true;
            });
        });
        // Before it runs it cannot be stopped.
        while (!listener_.is_running() && !has_ended_) { std::this_thread::sleep_for(1ms); }
    }

    ~HttpPageServer() override
    {
        {
            std::lock_guard const lock(mutex_);
            is_ending_ = true;
        }
        ending_.notify_all();
        for (auto const until = steady_clock::now() + last_patience;
             streams_ > 0 && steady_clock::now() < until;) {
            std::this_thread::sleep_for(5ms);
        }
        listener_.end_connections();
        listener_.stop();
        thread_.join();
    }

    int port() const override { return port_; }

    void show(std::string snapshot) override
    {
        // Between the parts of a JSON text a space is as good.
        std::replace_if(
            snapshot.begin(), snapshot.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
        auto event = std::make_shared<std::string>(event_begin);
        event->reserve(event_begin.size() + snapshot.size() + event_end.size());
        event->append(snapshot).append(event_end);
        std::lock_guard const lock(mutex_);
        event_ = std::move(event);
    }

    std::vector<PageWish> asked() override
    {
        std::lock_guard const lock(mutex_);
        return std::exchange(wishes_, {});
    }

private:
    void keep_texts(PageSettings const& settings)
    {
        constexpr std::string_view place = "@TOKEN@";
        for (auto file : settings.files) {
            if (file.path == "/index.html") {
                auto const at = file.text.find(place);
                if (at != std::string::npos) { file.text.replace(at, place.size(), token_); }
                texts_["/"] = file;
            }
            texts_[file.path] = file;
        }
        texts_["/land"] = {"/land", "application/json", settings.land};
    }

    int bound_port(PageSettings const& settings)
    {
        auto const address = without_brackets(settings.address);
        int const port = settings.port;
        if (port == 0) {
            if (int const any = listener_.bind_to_any_port(address); any > 0) { return any; }
        } else if (listener_.bind_to_port(address, port)) {
            return port;
        }
        throw std::runtime_error("the exercise cannot be shown as a page at " + address +
                                 ", port " + std::to_string(port) +
                                 " (another has the port, or the address is none of this "
                                 "machine) choose another");
    }

    /// A page of elsewhere whose name is made to lead here still asks by that name.
    void name_hosts(std::string const& given)
    {
        auto address = without_brackets(given);
        if (address.find(':') != std::string::npos) { address = '[' + address + ']'; }
        for (auto const& host :
             {std::string("localhost"), std::string("127.0.0.1"), std::string("[::1]"), address}) {
            hosts_.insert(host);
            hosts_.insert(host + ':' + std::to_string(port_));
        }
    }

    Routed route(httplib::Request const& request, httplib::Response& answer)
    {
        if (request.get_header_value_count("Host") != 1 ||
            hosts_.count(request.get_header_value("Host")) == 0) {
            return refuse(answer, 403, "ask by the address that the exercise has told");
        }
        auto const text = texts_.find(request.path);
        bool const is_control = request.path == "/control";
        if (text == texts_.end() && !is_control && request.path != "/state" &&
            request.path != "/events") {
            return refuse(answer, 404, "there is no such thing here");
        }
        bool const is_get = request.method == "GET" || request.method == "HEAD";
        if (is_control ? request.method != "POST" : !is_get) {
            answer.set_header("Allow", is_control ? "POST" : "GET, HEAD");
            return refuse(answer, 405, "that cannot be done with it");
        }
        if (is_control) { return route_control(request, answer); }
        if (text != texts_.end()) {
            answer.set_content(text->second.text, text->second.type);
        } else if (request.path == "/state") {
            auto const event = newest_event();
            answer.set_content(event->data() + event_begin.size(),
                               event->size() - event_begin.size() - event_end.size(),
                               "application/json");
        } else {
            stream(answer);
        }
        return Routed::Handled;
    }

    Routed route_control(httplib::Request const& request, httplib::Response& answer)
    {
        if (request.has_header("Transfer-Encoding") ||
            request.get_header_value_count("Content-Length") != 1) {
            return refuse(answer, 411, "its length is missing");
        }
        if (request.get_header_value<std::uint64_t>("Content-Length") > control_bytes_max) {
            return refuse(answer, 413, "it is too long");
        }
        return Routed::Unhandled;
    }

    void control(httplib::Request const& request, httplib::Response& answer,
                 httplib::ContentReader const& read)
    {
        std::string body;
        bool const is_whole = read([&body](char const* data, std::size_t size) {
            body.append(data, size);
            return body.size() <= control_bytes_max;
        });
        if (token_.empty() || request.get_header_value_count("X-Longwatch-Token") != 1 ||
            request.get_header_value("X-Longwatch-Token") != token_) {
            refuse(answer, 403, "only the page that the exercise gave out may control it");
            return;
        }
        auto const wish = is_whole ? page_wish_of(body) : std::nullopt;
        if (!wish) {
            refuse(answer, 400, "it is none of: pause, resume, speed 1 or 10");
            return;
        }
        std::lock_guard const lock(mutex_);
        if (wishes_.size() >= wishes_max) {
            refuse(answer, 503, "too much was asked for at once");
            return;
        }
        wishes_.push_back(*wish);
        answer.status = 204;
    }

    void stream(httplib::Response& answer)
    {
        if (++streams_ > streams_max) {
            --streams_;
            refuse(answer, 503, "too many are watching");
            return;
        }
        answer.set_chunked_content_provider(
            "text/event-stream",
            [this, next = steady_clock::now()](std::size_t, httplib::DataSink& sink) mutable {
                bool const is_last = wait_until(next);
                auto const event = newest_event();
                next = std::max(next + event_every, steady_clock::now());
                if (!sink.write(event->data(), event->size())) { return false; }
                if (is_last) { sink.done(); }
                return true;
            },
            [this](bool) { --streams_; });
    }

    /// Whether the server is ending by then.
    bool wait_until(steady_clock::time_point instant)
    {
        std::unique_lock lock(mutex_);
        return ending_.wait_until(lock, instant, [this] { return is_ending_; });
    }

    std::shared_ptr<std::string const> newest_event()
    {
        std::lock_guard const lock(mutex_);
        return event_;
    }

    std::string const token_;
    std::map<std::string, PageFile> texts_;  ///< by path; fixed once it listens, as the hosts are
    std::set<std::string> hosts_;
    int port_ = -1;
    std::mutex mutex_;
    std::condition_variable ending_;
    bool is_ending_ = false;
    std::shared_ptr<std::string const> event_;
    std::vector<PageWish> wishes_;
    std::atomic<int> streams_ = 0;
    std::atomic<bool> has_ended_ = false;
    PageListener listener_;
    std::thread thread_;
};

}  // namespace

extern "C" std::unique_ptr<PageServer> longwatch_make_page_server(PageSettings const& settings)
{
    return std::make_unique<HttpPageServer>(settings);
}

}  // namespace longwatch
