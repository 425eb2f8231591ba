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
    long long length;          // nanoseconds that it is for, or LLONG_MAX
    long long until;           // nanoseconds of the clock, or LLONG_MAX
    unsigned long calls;
    bool began;                // the device is lost
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[MOST_RULES];
static size_t rule_count;
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
    // A file opened for each call would be more work than the call.
    if (getenv("FAULTY_PKCS11_SILENT") != NULL) return;
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
    if (errno != 0 || end == text || number < 0 || number > 1000000000LL) return false;
    if (strcmp(end, "s") == 0) *nanoseconds = number * 1000000000LL;
    else if (strcmp(end, "ms") == 0) *nanoseconds = number * 1000000LL;
    else if (strcmp(end, "us") == 0) *nanoseconds = number * 1000LL;
    else return false;
    return true;
}

static bool number(const char *text, int base, unsigned long *value, char **end) {
    errno = 0;
    *value = strtoul(text, end, base);
    return errno == 0 && *end != text && *text != '-' && *text != '+';
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
        char *end = NULL;
        if (actions[i].argument == 'n') {
            return number(argument, 10, &rule->amount, &end) && *end == '\0' && rule->amount > 0;
        }
        long long length;
        if (!duration(argument, &length)) return false;
        rule->amount = (unsigned long)length;
        return true;
    }
    return false;
}

// calls=3, calls=2-4, for=2s, always (which is so without it). One of them.
static bool parse_when(struct rule *rule, char **rest) {
    char *word = strtok_r(NULL, " \t", rest), *end = NULL;
    if (word == NULL) return true;
    if (strtok_r(NULL, " \t", rest) != NULL) return false;
    if (strcmp(word, "always") == 0) return true;
    if (strncmp(word, "for=", 4) == 0) {
        if (!duration(word + 4, &rule->length)) return false;
        rule->until = now() + rule->length;
        return true;
    }
    // A device is lost for a time, not for some calls.
    if (strncmp(word, "calls=", 6) != 0 || rule->action == ACTION_DEVICE_LOST) return false;
    if (!number(word + 6, 10, &rule->first, &end)) return false;
    if (*end == '-') {
        if (!number(end + 1, 10, &rule->last, &end)) return false;
    } else {
        rule->last = rule->first;
        if (rule->first > 0) rule->first = 1;
    }
    return *end == '\0' && rule->first > 0 && rule->last >= rule->first;
}

// Whether each function named exists, and the action can do something to it.
static bool functions_fit(const struct rule *rule) {
    if (strcmp(rule->functions, "*") == 0) return true;
    char names[sizeof rule->functions], *rest = NULL;
    strcpy(names, rule->functions);
    char *name = strtok_r(names, ",", &rest);
    if (name == NULL) return false;
    for (; name != NULL; name = strtok_r(NULL, ",", &rest)) {
        const struct function *function = function_named(name);
        if (function == NULL || !action_fits(rule->action, function)) return false;
    }
    return true;
}

static bool parse(char *line, struct rule *rule) {
    memset(rule, 0, sizeof *rule);
    rule->first = 1;
    rule->last = ULONG_MAX;
    rule->length = rule->until = LLONG_MAX;
    char *rest = NULL;
    char *word = strtok_r(line, " \t", &rest);
    if (word != NULL && strncmp(word, "slot=", 5) == 0) {
        char *end = NULL;
        rule->has_slot = true;
        if (!number(word + 5, 0, &rule->slot, &end) || *end != '\0') return false;
        word = strtok_r(NULL, " \t", &rest);
    }
    if (word == NULL) return false;
    if (strcmp(word, "*") == 0) strcpy(rule->functions, "*");
    else if (snprintf(rule->functions, sizeof rule->functions, ",%s,", word) >= (int)sizeof rule->functions) return false;
    return parse_action(rule, &rest) && functions_fit(rule) && parse_when(rule, &rest);
}

static void load(const char *control) {
    rule_count = 0;
    FILE *file = fopen(control, "re");
    if (file == NULL) {
        complain(control);
        return;
    }
    // Of the file that is read: another may have taken its place since, and is read next time.
    fstat(fileno(file), &seen);
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
                }
        return;
    }
    if (has_seen && status.st_ino == seen.st_ino && status.st_size == seen.st_size
        && status.st_mtim.tv_sec == seen.st_mtim.tv_sec && status.st_mtim.tv_nsec == seen.st_mtim.tv_nsec) return;
    seen = status;
    has_seen = true;
    load(control);
}

static bool names(const struct rule *rule, const char *function) {
    if (strcmp(rule->functions, "*") == 0) return true;
    char name[64];
    snprintf(name, sizeof name, ",%s,", function);
    return strstr(rule->functions, name) != NULL;
}

static bool concerns(const struct rule *rule, const struct subject *subject) {
    if (!action_fits(rule->action, subject->function)) return false;
    if (rule->action == ACTION_DEVICE_LOST && subject->function->scope == SCOPE_NEITHER) {
        // Whoever asks for the slots begins the loss of one, and does not get an error.
        return !rule->began && names(rule, subject->function->name);
    }
    if (rule->has_slot && (!subject->has_slot || rule->slot != subject->slot)) return false;
    switch (rule->action) {
    case ACTION_LOGOUT: if (!subject->has_session) return false; break;
    case ACTION_INVALIDATE_SESSIONS: if (!subject->has_slot) return false; break;
    case ACTION_DEVICE_LOST:
        if (!subject->has_slot) return false;
        // Once it has begun, for whatever needs the device.
        if (rule->began) return true;
        break;
    default: break;
    }
    return names(rule, subject->function->name);
}

// Whether it is its turn; counts the call. With `lock` held.
static bool is_due(struct rule *rule) {
    rule->calls++;
    if (rule->action == ACTION_DEVICE_LOST && !rule->began) return true;
    return rule->calls >= rule->first && rule->calls <= rule->last && now() < rule->until;
}

static bool is_about_output(const struct rule *rule) {
    return rule->action == ACTION_SHORT || rule->action == ACTION_GARBLE;
}

// Waits as long as the control file says that such a call hangs.
static void hang(const struct subject *subject) {
    for (bool goes_on = true; goes_on;) {
        pause_for(2000000);
        goes_on = false;
        pthread_mutex_lock(&lock);
        reload();
        for (size_t i = 0; i < rule_count && !goes_on; i++) {
            goes_on = rules[i].action == ACTION_HANG && concerns(&rules[i], subject) && now() < rules[i].until;
        }
        pthread_mutex_unlock(&lock);
    }
}

static const char *name_of(enum action action) {
    static const char *names[] = {
        "return", "after", "delay", "hang", "crash", "short", "garble", "invalidate-sessions", "logout", "device-lost",
    };
    return names[action];
}

// With `lock` held.
static void lose_device(struct rule *rule, struct verdict *verdict) {
    if (!rule->began) {
        rule->began = true;
        // The time counts from the loss, not from when it was announced.
        rule->until = rule->length == LLONG_MAX ? LLONG_MAX : now() + rule->length;
        if (rule->has_slot) verdict->lost[verdict->lost_count++] = rule->slot;
        else verdict->loses_all = true;
    }
    if (!verdict->subject.has_slot) return;
    verdict->skips = true;
    verdict->code = CKR_DEVICE_REMOVED;
}

void rules_judge(const struct subject *subject, struct verdict *verdict) {
    memset(verdict, 0, sizeof *verdict);
    verdict->subject = *subject;
    unsigned long delay = 0;
    bool hangs = false, crashes = false;
    pthread_mutex_lock(&lock);
    reload();
    for (size_t i = 0; i < rule_count; i++) {
        struct rule *rule = &rules[i];
        if (is_about_output(rule) || !concerns(rule, subject) || !is_due(rule)) continue;
        report(subject->function->name, name_of(rule->action));
        switch (rule->action) {
        case ACTION_RETURN: verdict->skips = true; verdict->code = rule->code; break;
        case ACTION_AFTER: verdict->replaces = true; verdict->code = rule->code; break;
        case ACTION_DELAY: delay += rule->amount; break;
        case ACTION_HANG: hangs = true; break;
        case ACTION_CRASH: crashes = true; break;
        case ACTION_INVALIDATE_SESSIONS: verdict->lost[verdict->lost_count++] = subject->slot; break;
        case ACTION_LOGOUT: verdict->logs_out = true; break;
        case ACTION_DEVICE_LOST: lose_device(rule, verdict); break;
        case ACTION_SHORT: case ACTION_GARBLE: break;
        }
    }
    pthread_mutex_unlock(&lock);
    // Nothing is held while it waits: others go on.
    if (crashes) abort();
    if (delay > 0) pause_for((long long)delay);
    if (hangs) hang(subject);
}

void rules_judge_output(const struct subject *subject, CK_ULONG *shortens, bool *garbles) {
    *shortens = 0;
    *garbles = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < rule_count; i++) {
        struct rule *rule = &rules[i];
        if (!is_about_output(rule) || !concerns(rule, subject) || !is_due(rule)) continue;
        report(subject->function->name, name_of(rule->action));
        if (rule->action == ACTION_SHORT) *shortens += rule->amount;
        else *garbles = true;
    }
    pthread_mutex_unlock(&lock);
}

bool rules_device_is_lost(CK_SLOT_ID slot) {
    bool lost = false;
    pthread_mutex_lock(&lock);
    reload();
    for (size_t i = 0; i < rule_count && !lost; i++) {
        const struct rule *rule = &rules[i];
        if (rule->action != ACTION_DEVICE_LOST || (rule->has_slot && rule->slot != slot)) continue;
        lost = rule->began && now() < rule->until;
    }
    pthread_mutex_unlock(&lock);
    return lost;
}
