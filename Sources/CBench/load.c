#define _GNU_SOURCE
#include "load.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int file;
    bool waits_to_write;
    size_t index, sent;
    uint64_t due;
    struct answer answer;
    // The body, where somebody wants it.
    uint8_t *body;
    size_t body_length, body_room;
};

struct run {
    const bench_load *load;
    bench_result *result;
    struct connection *connections;
    struct connection **idle;
    size_t idle_count, under_way, next_request;
    int poll;
    uint64_t warm, end, asked;
    double server_cpu, own_cpu;
    bool is_warm;
};

static const uint64_t second = 1000000000ULL;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * second + (uint64_t)time.tv_nsec;
}

static double own_cpu(void) {
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static int complain(struct run *run, const char *what) {
    if (run->result->complaint[0] == '\0') {
        snprintf(run->result->complaint, sizeof run->result->complaint, "%s (%s)", what, strerror(errno));
    }
    return -1;
}

static int watch(struct run *run, struct connection *connection, bool for_writing) {
    struct epoll_event event = {.events = EPOLLIN | (for_writing ? EPOLLOUT : 0), .data.ptr = connection};
    connection->waits_to_write = for_writing;
    return epoll_ctl(run->poll, EPOLL_CTL_MOD, connection->file, &event);
}

static int go_on_sending(struct run *run, struct connection *connection) {
    const bench_request *request = &run->load->requests[connection->index];
    while (connection->sent < request->length) {
        ssize_t sent = send(
            connection->file, request->bytes + connection->sent, request->length - connection->sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) return connection->waits_to_write ? 0 : watch(run, connection, true);
        if (sent < 0) return complain(run, "a request could not be sent");
        connection->sent += (size_t)sent;
    }
    return connection->waits_to_write ? watch(run, connection, false) : 0;
}

static bool may_ask(const struct run *run) { return run->load->limit == 0 || run->asked < run->load->limit; }

static int ask(struct run *run, struct connection *connection, uint64_t due) {
    run->asked++;
    connection->body_length = 0;
    connection->index = run->next_request;
    run->next_request = (run->next_request + 1) % run->load->request_count;
    connection->sent = 0;
    connection->due = due;
    run->under_way++;
    answer_begin(&connection->answer);
    if (run->load->prepare != NULL) {
        run->load->prepare(run->load->context, connection->index, run->load->requests[connection->index].bytes);
    }
    return go_on_sending(run, connection);
}

static void note(struct run *run, const struct connection *connection, const uint8_t *body, size_t count, uint64_t at) {
    bench_result *result = run->result;
    int status = connection->answer.status;
    bool is_ok = status / 100 == 2;
    if (!is_ok && status != 503 && result->complaint[0] == '\0') {
        snprintf(result->complaint, sizeof result->complaint, "%d: %.*s", status, (int)(count < 400 ? count : 400), (const char *)body);
    }
    // Work is counted by when it was done, waiting by when it was due.
    bool is_open = run->load->rate > 0;
    uint64_t counted = is_open ? connection->due : at;
    if (counted < run->warm || counted >= run->end) return;
    if (is_ok) result->ok++;
    else if (status == 503) result->busy++;
    else result->other++;
    uint64_t took = at - connection->due;
    if (is_ok) bench_histogram_record(&result->latency, took);
    if (status == 503) bench_histogram_record(&result->busy_latency, took);
}

static void keep(struct connection *connection, const uint8_t *bytes, size_t count) {
    if (connection->body_length + count > connection->body_room) {
        connection->body_room = 2 * (connection->body_length + count);
        connection->body = realloc(connection->body, connection->body_room);
        if (connection->body == NULL) abort();
    }
    memcpy(connection->body + connection->body_length, bytes, count);
    connection->body_length += count;
}

// Reads what came. Answers 1 when the answer is whole.
static int receive(struct run *run, struct connection *connection) {
    static uint8_t bytes[1 << 18];
    for (;;) {
        ssize_t count = recv(connection->file, bytes, sizeof bytes, 0);
        if (count < 0 && errno == EAGAIN) return 0;
        if (count == 0) errno = ECONNRESET;
        if (count <= 0) return complain(run, "the service closed a connection");
        long of_head = answer_take(&connection->answer, bytes, (size_t)count);
        if (of_head < 0) return complain(run, "an answer that cannot be read");
        if (run->load->collect != NULL) keep(connection, bytes + of_head, (size_t)(count - of_head));
        if (connection->answer.status == 0 || connection->answer.missing > 0) continue;
        note(run, connection, bytes + of_head, (size_t)(count - of_head), now());
        if (run->load->collect != NULL && connection->answer.status / 100 == 2) {
            run->load->collect(run->load->context, connection->index, connection->body, connection->body_length);
        }
        run->under_way--;
        return 1;
    }
}

static int serve(struct run *run, const struct epoll_event *event) {
    struct connection *connection = event->data.ptr;
    if (event->events & EPOLLOUT && go_on_sending(run, connection) != 0) return -1;
    if (!(event->events & ~(unsigned)EPOLLOUT)) return 0;
    int whole = receive(run, connection);
    if (whole <= 0) return whole;
    if (run->load->rate == 0 && now() < run->end && may_ask(run)) return ask(run, connection, now());
    run->idle[run->idle_count++] = connection;
    return 0;
}

static int connect_all(struct run *run) {
    run->poll = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned i = 0; i < run->load->connections; i++) {
        struct connection *connection = &run->connections[i];
        connection->file = connect_to(run->load->port);
        if (connection->file < 0) return complain(run, "no connection");
        fcntl(connection->file, F_SETFL, fcntl(connection->file, F_GETFL) | O_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        if (epoll_ctl(run->poll, EPOLL_CTL_ADD, connection->file, &event) != 0) return complain(run, "epoll");
        run->idle[run->idle_count++] = connection;
    }
    return 0;
}

static void meter(struct run *run, uint64_t at) {
    if (!run->is_warm && at >= run->warm) {
        run->is_warm = true;
        run->server_cpu = bench_cpu_seconds(run->load->server);
        run->own_cpu = own_cpu();
        run->warm = now();
    }
}

static void finish(struct run *run) {
    uint64_t over = now();
    run->result->server_cpu = bench_cpu_seconds(run->load->server) - run->server_cpu;
    run->result->own_cpu = own_cpu() - run->own_cpu;
    run->result->seconds = (double)(over - run->warm) / 1e9;
}

// Waits for so many nanoseconds at most; in whole milliseconds where there is nothing better, as under valgrind.
static int wait_for(int poll, struct epoll_event *events, int room, uint64_t wait) {
    struct timespec timeout = {(time_t)(wait / second), (long)(wait % second)};
    int count = epoll_pwait2(poll, events, room, &timeout, NULL);
    if (count >= 0 || errno != ENOSYS) return count;
    return epoll_wait(poll, events, room, (int)((wait + 999999) / 1000000));
}

static int loop(struct run *run) {
    uint64_t start = now(), due = start, step = run->load->rate > 0 ? (uint64_t)(1e9 / run->load->rate) : 0;
    run->warm = start + (uint64_t)(run->load->warmup_seconds * 1e9);
    run->end = run->warm + (uint64_t)(run->load->seconds * 1e9);
    while (step == 0 && run->idle_count > 0 && may_ask(run)) {
        if (ask(run, run->idle[--run->idle_count], now()) != 0) return -1;
    }
    bool is_over = false;
    // What is under way at the end is still waited for: its waiting counts.
    while (!is_over || run->under_way > 0) {
        uint64_t at = now(), wait = second / 20;
        meter(run, at);
        if (!is_over && (at >= run->end || (!may_ask(run) && run->under_way == 0))) {
            is_over = true;
            finish(run);
        }
        if (at > run->end + 30 * second) return complain(run, "no answer for 30 s");
        while (step > 0 && due < run->end && due <= at && run->idle_count > 0) {
            if (ask(run, run->idle[--run->idle_count], due) != 0) return -1;
            due += step;
        }
        if (step > 0 && due < run->end && run->idle_count > 0) wait = due > at ? due - at : 0;
        if (!is_over && at + wait > run->end) wait = run->end - at;
        struct epoll_event events[256];
        int count = wait_for(run->poll, events, 256, wait);
        if (count < 0 && errno != EINTR) return complain(run, "epoll_pwait2");
        for (int i = 0; i < count; i++) {
            if (serve(run, &events[i]) != 0) return -1;
        }
    }
    if (step > 0 && due < run->end) run->result->unsent = (run->end - due) / step;
    return 0;
}

int bench_run(const bench_load *load, bench_result *result) {
    memset(result, 0, sizeof *result);
    struct run run = {.load = load, .result = result, .poll = -1};
    run.connections = calloc(load->connections, sizeof *run.connections);
    run.idle = calloc(load->connections, sizeof *run.idle);
    if (run.connections == NULL || run.idle == NULL) abort();
    for (unsigned i = 0; i < load->connections; i++) run.connections[i].file = -1;
    int status = connect_all(&run);
    if (status == 0) status = loop(&run);
    for (unsigned i = 0; i < load->connections; i++) {
        if (run.connections[i].file >= 0) close(run.connections[i].file);
        free(run.connections[i].body);
    }
    if (run.poll >= 0) close(run.poll);
    free(run.connections);
    free(run.idle);
    return status;
}
