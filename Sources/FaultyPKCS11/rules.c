#define _GNU_SOURCE
#include "rules.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct rule {
    char functions[512];  // ",C_Sign,C_SignInit," or "*"
    bool has_slot;
    CK_SLOT_ID slot;
    enum action action;
    CK_RV code;
    unsigned long amount;      // nanoseconds of a delay, bytes of a short answer
    unsigned long first, last; // the calls that it is for, counted from 1
    long long until;           // nanoseconds of the clock, or LLONG_MAX
    unsigned long calls;
    bool began;                // the sessions of a lost device were closed
};

enum { MOST_RULES = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[MOST_RULES];
static size_t rule_count;
// Counts the versions of the control file that were read, so that whoever hangs sees a change.
static unsigned long generation;
static struct stat seen;
static bool has_seen;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void pause_for(long long nanoseconds) {
    struct timespec time = {nanoseconds / 1000000000LL, nanoseconds % 1000000000LL};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {}
}

// One line at the end of <control>.fired, in one write: lines of several threads and processes do not mix.
static void report(const char *what, const char *detail) {
    const char *control = getenv("FAULTY_PKCS11_CONTROL");
    char path[4096], line[1024];
    if (control == NULL || snprintf(path, sizeof path, "%s.fired", control) >= (int)sizeof path) return;
    int length = snprintf(line, sizeof line, "%s %s\n", what, detail);
    if (length <= 0 || length >= (int)sizeof line) return;
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return;
    if (write(file, line, (size_t)length) != length) fprintf(stderr, "faulty-pkcs11: %s cannot be written\n", path);
    close(file);
}

static void complain(const char *line) {
    fprintf(stderr, "faulty-pkcs11: this line of the control file is not understood: %s\n", line);
    report("error:", line);
}

static bool duration(const char *text, long long *nanoseconds) {
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || number < 0) return false;
    if (strcmp(end, "s") == 0) *nanoseconds = number * 1000000000LL;
    else if (strcmp(end, "ms") == 0) *nanoseconds = number * 1000000LL;
    else if (strcmp(end, "us") == 0) *nanoseconds = number * 1000LL;
    else return false;
    return true;
}

static bool parse_action(struct rule *rule, char **rest) {
    char *word = strtok_r(NULL, " \t", rest);
    if (word == NULL) return false;
    static const struct { const char *name; enum action action; int argument; } actions[] = {
        {"return", ACTION_RETURN, 'c'}, {"after", ACTION_AFTER, 'c'}, {"delay", ACTION_DELAY, 'd'},
        {"hang", ACTION_HANG, 0}, {"crash", ACTION_CRASH, 0}, {"short", ACTION_SHORT, 'n'},
        {"garble", ACTION_GARBLE, 0}, {"invalidate-sessions", ACTION_INVALIDATE_SESSIONS, 0},
        {"logout", ACTION_LOGOUT, 0}, {"device-lost", ACTION_DEVICE_LOST, 0},
    };
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, word) != 0) continue;
        rule->action = actions[i].action;
        if (actions[i].argument == 0) return true;
        char *argument = strtok_r(NULL, " \t", rest);
        if (argument == NULL) return false;
        if (actions[i].argument == 'c') return code_named(argument, &rule->code);
        if (actions[i].argument == 'n') return (rule->amount = strtoul(argument, NULL, 10)) > 0;
        long long length;
        if (!duration(argument, &length)) return false;
        rule->amount = (unsigned long)length;
        return true;
    }
    return false;
}

// calls=3, calls=2-4, for=2s, always (which is so without it).
static bool parse_when(struct rule *rule, char **rest) {
    for (char *word; (word = strtok_r(NULL, " \t", rest)) != NULL;) {
        if (strncmp(word, "calls=", 6) == 0) {
            char *end = NULL;
            rule->first = strtoul(word + 6, &end, 10);
            if (*end == '-') {
                rule->last = strtoul(end + 1, &end, 10);
            } else {
                rule->last = rule->first;
                rule->first = 1;
            }
            if (*end != '\0' || rule->first == 0 || rule->last < rule->first) return false;
        } else if (strncmp(word, "for=", 4) == 0) {
            long long length;
            if (!duration(word + 4, &length)) return false;
            rule->until = now() + length;
        } else if (strcmp(word, "always") != 0) {
            return false;
        }
    }
    return true;
}

static bool parse(char *line, struct rule *rule) {
    memset(rule, 0, sizeof *rule);
    rule->first = 1;
    rule->last = ULONG_MAX;
    rule->until = LLONG_MAX;
    char *rest = NULL;
    char *word = strtok_r(line, " \t", &rest);
    if (word != NULL && strncmp(word, "slot=", 5) == 0) {
        char *end = NULL;
        rule->has_slot = true;
        rule->slot = strtoul(word + 5, &end, 0);
        if (*end != '\0') return false;
        word = strtok_r(NULL, " \t", &rest);
    }
    if (word == NULL) return false;
    if (strcmp(word, "*") == 0) strcpy(rule->functions, "*");
    else if (snprintf(rule->functions, sizeof rule->functions, ",%s,", word) >= (int)sizeof rule->functions) return false;
    return parse_action(rule, &rest) && parse_when(rule, &rest);
}

static void load(const char *control) {
    generation++;
    rule_count = 0;
    FILE *file = fopen(control, "re");
    if (file == NULL) return;
    char line[1024];
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        const char *start = line + strspn(line, " \t");
        if (*start == '\0' || *start == '#') continue;
        char copy[1024];
        strcpy(copy, line);
        if (rule_count < MOST_RULES && parse(line, &rules[rule_count])) rule_count++;
        else complain(copy);
    }
    fclose(file);
}

// With `lock` held.
static void reload(void) {
    const char *control = getenv("FAULTY_PKCS11_CONTROL");
    struct stat status;
    if (control == NULL) return;
    if (stat(control, &status) != 0) {
        if (has_seen) {
            has_seen = false;
            rule_count = 0;
            generation++;
        }
        return;
    }
    if (has_seen && status.st_ino == seen.st_ino && status.st_size == seen.st_size
        && status.st_mtim.tv_sec == seen.st_mtim.tv_sec && status.st_mtim.tv_nsec == seen.st_mtim.tv_nsec) return;
    seen = status;
    has_seen = true;
    load(control);
}

static bool concerns(const struct rule *rule, const char *function, CK_SLOT_ID slot, bool has_slot) {
    if (rule->has_slot && (!has_slot || rule->slot != slot)) return false;
    // A device is lost for whatever needs it, whichever function the line names.
    if (rule->action == ACTION_DEVICE_LOST && !has_slot) return false;
    if (strcmp(rule->functions, "*") == 0) return true;
    char name[64];
    snprintf(name, sizeof name, ",%s,", function);
    return strstr(rule->functions, name) != NULL;
}

static void hang(unsigned long since) {
    for (bool goes_on = true; goes_on;) {
        pause_for(10000000);
        pthread_mutex_lock(&lock);
        reload();
        goes_on = generation == since;
        pthread_mutex_unlock(&lock);
    }
}

static const char *name_of(enum action action) {
    static const char *names[] = {
        "return", "after", "delay", "hang", "crash", "short", "garble", "invalidate-sessions", "logout", "device-lost",
    };
    return names[action];
}

void rules_judge(const char *function, CK_SLOT_ID slot, bool has_slot, struct verdict *verdict) {
    memset(verdict, 0, sizeof *verdict);
    unsigned long delay = 0;
    bool hangs = false, crashes = false;
    pthread_mutex_lock(&lock);
    reload();
    unsigned long since = generation;
    for (size_t i = 0; i < rule_count; i++) {
        struct rule *rule = &rules[i];
        if (!concerns(rule, function, slot, has_slot)) continue;
        rule->calls++;
        if (rule->calls < rule->first || rule->calls > rule->last || now() >= rule->until) continue;
        report(function, name_of(rule->action));
        switch (rule->action) {
        case ACTION_RETURN: verdict->skips = true; verdict->code = rule->code; break;
        case ACTION_AFTER: verdict->replaces = true; verdict->code = rule->code; break;
        case ACTION_DELAY: delay += rule->amount; break;
        case ACTION_HANG: hangs = true; break;
        case ACTION_CRASH: crashes = true; break;
        case ACTION_SHORT: verdict->shortens = rule->amount; break;
        case ACTION_GARBLE: verdict->garbles = true; break;
        case ACTION_INVALIDATE_SESSIONS: verdict->loses_sessions = true; break;
        case ACTION_LOGOUT: verdict->logs_out = true; break;
        case ACTION_DEVICE_LOST:
            verdict->skips = true;
            verdict->code = CKR_DEVICE_REMOVED;
            verdict->loses_sessions = verdict->loses_sessions || !rule->began;
            rule->began = true;
            break;
        }
    }
    pthread_mutex_unlock(&lock);
    // Nothing is held while it waits: others go on.
    if (crashes) abort();
    if (delay > 0) pause_for((long long)delay);
    if (hangs) hang(since);
}

bool rules_device_is_lost(CK_SLOT_ID slot) {
    bool lost = false;
    pthread_mutex_lock(&lock);
    reload();
    for (size_t i = 0; i < rule_count; i++) {
        const struct rule *rule = &rules[i];
        if (rule->action != ACTION_DEVICE_LOST || (rule->has_slot && rule->slot != slot)) continue;
        if (now() < rule->until && rule->calls < rule->last) lost = true;
    }
    pthread_mutex_unlock(&lock);
    return lost;
}
