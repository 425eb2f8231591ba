#define _GNU_SOURCE
#include "module.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

CK_FUNCTION_LIST *real;

static pthread_once_t once = PTHREAD_ONCE_INIT;
// How many calls are inside the module, and whether somebody waits until there are none: sessions are not closed under calls,
// because many modules do not survive that. No lock is held during a call.
static pthread_mutex_t flight = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t flight_changed = PTHREAD_COND_INITIALIZER;
static unsigned long in_flight;
static bool is_grounded;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct open_session { CK_SESSION_HANDLE session; CK_SLOT_ID slot; bool lives; } *sessions;
static size_t session_count, session_room;

enum { MOST_SLOTS = 1024, MOST_MIRRORS = 9 };

// One more than there can be when it is no such number.
static unsigned long mirror_count(void) {
    const char *text = getenv("FAULTY_PKCS11_MIRRORS");
    if (text == NULL) return 0;
    bool is_digit = text[0] >= '0' && text[0] <= '9' && text[1] == '\0';
    return is_digit ? (unsigned long)(text[0] - '0') : MOST_MIRRORS + 1;
}

static void load(void) {
    const char *path = getenv("FAULTY_PKCS11_MODULE");
    if (path == NULL) path = "/usr/lib/softhsm/libsofthsm2.so";
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = library != NULL ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
    if (mirror_count() == MOST_MIRRORS + 1) {
        fprintf(stderr, "faulty-pkcs11: FAULTY_PKCS11_MIRRORS is a number up to %d\n", MOST_MIRRORS);
        return;
    }
    if (get == NULL || get(&real) != CKR_OK) {
        const char *reason = dlerror();
        fprintf(stderr, "faulty-pkcs11: %s is no module: %s\n", path, reason != NULL ? reason : "no reason given");
        real = NULL;
    }
}

bool module_load(void) {
    pthread_once(&once, load);
    return real != NULL;
}

// MARK: Slots

CK_SLOT_ID slot_behind(CK_SLOT_ID slot) { return slot & 0xffffffffUL; }

static unsigned long mirror_number(CK_SLOT_ID slot) { return slot >> 32; }

CK_RV list_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count) {
    static __thread CK_SLOT_ID found[MOST_SLOTS], shown[MOST_SLOTS];
    CK_ULONG found_count = 0, shown_count = 0;
    // The length first: only that makes a module look for new slots.
    flight_begin();
    CK_RV code = real->C_GetSlotList(present, NULL, &found_count);
    found_count = MOST_SLOTS;
    if (code == CKR_OK) code = real->C_GetSlotList(present, found, &found_count);
    flight_end();
    if (code != CKR_OK) return code;
    for (unsigned long mirror = 0; mirror <= mirror_count(); mirror++) {
        for (CK_ULONG i = 0; i < found_count && shown_count < MOST_SLOTS; i++) {
            CK_SLOT_ID slot = found[i] | mirror << 32;
            if (!present || !rules_device_is_lost(slot)) shown[shown_count++] = slot;
        }
    }
    CK_ULONG room = *count;
    *count = shown_count;
    if (slots == NULL) return CKR_OK;
    if (room < shown_count) return CKR_BUFFER_TOO_SMALL;
    memcpy(slots, shown, shown_count * sizeof *slots);
    return CKR_OK;
}

void mark_mirror(CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    if (mirror_number(slot) > 0) info->serialNumber[0] = (unsigned char)('L' + mirror_number(slot));
}

// MARK: Sessions

// With `lock` held. The newest first: what died long ago is asked for seldom.
static struct open_session *find(CK_SESSION_HANDLE session) {
    for (size_t i = session_count; i > 0; i--) {
        if (sessions[i - 1].session == session) return &sessions[i - 1];
    }
    return NULL;
}

void session_opened(CK_SESSION_HANDLE session, CK_SLOT_ID slot) {
    pthread_mutex_lock(&lock);
    // The number of a dead session may be given again.
    struct open_session *entry = find(session);
    if (entry == NULL && session_count == session_room) {
        size_t room = session_room * 2 + 16;
        struct open_session *larger = realloc(sessions, room * sizeof *larger);
        if (larger == NULL) abort();
        sessions = larger;
        session_room = room;
    }
    if (entry == NULL) entry = &sessions[session_count++];
    *entry = (struct open_session){session, slot, true};
    pthread_mutex_unlock(&lock);
}

void session_closed(CK_SESSION_HANDLE session) {
    pthread_mutex_lock(&lock);
    struct open_session *entry = find(session);
    if (entry != NULL) *entry = sessions[--session_count];
    pthread_mutex_unlock(&lock);
}

void sessions_forget(void) {
    pthread_mutex_lock(&lock);
    session_count = 0;
    pthread_mutex_unlock(&lock);
}

bool session_slot(CK_SESSION_HANDLE session, CK_SLOT_ID *slot, bool *lives) {
    pthread_mutex_lock(&lock);
    const struct open_session *entry = find(session);
    bool found = entry != NULL;
    if (found) {
        *slot = entry->slot;
        *lives = entry->lives;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

// Waits until no call is inside the module, and lets none in.
static void ground(void) {
    pthread_mutex_lock(&flight);
    while (is_grounded) pthread_cond_wait(&flight_changed, &flight);
    is_grounded = true;
    while (in_flight > 0) pthread_cond_wait(&flight_changed, &flight);
    pthread_mutex_unlock(&flight);
}

static void unground(void) {
    pthread_mutex_lock(&flight);
    is_grounded = false;
    pthread_cond_broadcast(&flight_changed);
    pthread_mutex_unlock(&flight);
}

CK_RV close_sessions(CK_SLOT_ID slot, bool all) {
    CK_RV result = CKR_OK;
    ground();
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < session_count; i++) {
        if (!sessions[i].lives || (!all && sessions[i].slot != slot)) continue;
        CK_RV code = real->C_CloseSession(sessions[i].session);
        if (code != CKR_OK) result = code;
        sessions[i].lives = false;
    }
    pthread_mutex_unlock(&lock);
    unground();
    return result;
}

void flight_begin(void) {
    pthread_mutex_lock(&flight);
    while (is_grounded) pthread_cond_wait(&flight_changed, &flight);
    in_flight++;
    pthread_mutex_unlock(&flight);
}

void flight_end(void) {
    pthread_mutex_lock(&flight);
    if (--in_flight == 0) pthread_cond_broadcast(&flight_changed);
    pthread_mutex_unlock(&flight);
}

// MARK: Calls

static void judge(const struct subject *subject, CK_SESSION_HANDLE session, struct verdict *verdict) {
    rules_judge(subject, verdict);
    if (real == NULL) {
        verdict->skips = true;
        verdict->code = CKR_CRYPTOKI_NOT_INITIALIZED;
        return;
    }
    if (verdict->loses_all) close_sessions(0, true);
    for (size_t i = 0; i < verdict->lost_count; i++) close_sessions(verdict->lost[i], false);
    if (verdict->logs_out) {
        ground();
        real->C_Logout(session);
        unground();
    }
}

void begin(const char *function, CK_SESSION_HANDLE session, struct verdict *verdict) {
    struct subject subject = {.function = function_named(function)};
    subject.has_slot = session_slot(session, &subject.slot, &subject.has_session);
    judge(&subject, session, verdict);
}

void begin_slot(const char *function, CK_SLOT_ID slot, struct verdict *verdict) {
    struct subject subject = {.function = function_named(function), .has_slot = true, .slot = slot};
    judge(&subject, 0, verdict);
}

void begin_global(const char *function, struct verdict *verdict) {
    struct subject subject = {.function = function_named(function)};
    judge(&subject, 0, verdict);
}

CK_RV finish(const struct verdict *verdict, CK_RV code, CK_BYTE *output, CK_ULONG *length) {
    if (verdict->replaces) return verdict->code;
    // A call that only asks for the length has no output.
    if (code != CKR_OK || output == NULL || length == NULL || *length == 0) return code;
    CK_ULONG shortens;
    bool garbles;
    rules_judge_output(&verdict->subject, &shortens, &garbles);
    if (garbles) output[*length / 2] ^= 1;
    *length -= shortens < *length ? shortens : *length;
    return code;
}
