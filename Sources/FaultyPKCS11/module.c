#define _GNU_SOURCE
#include "module.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

CK_FUNCTION_LIST *real;

static pthread_once_t once = PTHREAD_ONCE_INIT;
// Calls of the module hold it for reading, so that sessions are not closed under them: many modules do not survive that.
static pthread_rwlock_t flight = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct open_session { CK_SESSION_HANDLE session; CK_SLOT_ID slot; } *sessions;
static size_t session_count, session_room;

static void load(void) {
    const char *path = getenv("FAULTY_PKCS11_MODULE");
    if (path == NULL) path = "/usr/lib/softhsm/libsofthsm2.so";
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CK_C_GetFunctionList get = library != NULL ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : NULL;
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

enum { MOST_SLOTS = 1024 };

static unsigned long mirror_count(void) {
    const char *text = getenv("FAULTY_PKCS11_MIRRORS");
    return text != NULL ? strtoul(text, NULL, 10) : 0;
}

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

void session_opened(CK_SESSION_HANDLE session, CK_SLOT_ID slot) {
    pthread_mutex_lock(&lock);
    if (session_count == session_room) {
        size_t room = session_room * 2 + 16;
        struct open_session *larger = realloc(sessions, room * sizeof *larger);
        if (larger == NULL) abort();
        sessions = larger;
        session_room = room;
    }
    sessions[session_count++] = (struct open_session){session, slot};
    pthread_mutex_unlock(&lock);
}

void session_closed(CK_SESSION_HANDLE session) {
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < session_count; i++) {
        if (sessions[i].session == session) {
            sessions[i] = sessions[--session_count];
            break;
        }
    }
    pthread_mutex_unlock(&lock);
}

void sessions_forget(void) {
    pthread_mutex_lock(&lock);
    session_count = 0;
    pthread_mutex_unlock(&lock);
}

bool session_slot(CK_SESSION_HANDLE session, CK_SLOT_ID *slot) {
    bool found = false;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < session_count && !found; i++) {
        if (sessions[i].session == session) {
            *slot = sessions[i].slot;
            found = true;
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}

CK_RV close_sessions(CK_SLOT_ID slot) {
    CK_RV result = CKR_OK;
    pthread_rwlock_wrlock(&flight);
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < session_count;) {
        if (sessions[i].slot == slot) {
            CK_RV code = real->C_CloseSession(sessions[i].session);
            if (code != CKR_OK) result = code;
            sessions[i] = sessions[--session_count];
        } else {
            i++;
        }
    }
    pthread_mutex_unlock(&lock);
    pthread_rwlock_unlock(&flight);
    return result;
}

void flight_begin(void) { pthread_rwlock_rdlock(&flight); }
void flight_end(void) { pthread_rwlock_unlock(&flight); }

// MARK: Calls

static void prepare(const struct verdict *verdict, CK_SLOT_ID slot, CK_SESSION_HANDLE session, bool has_session) {
    if (verdict->loses_sessions) close_sessions(slot);
    if (verdict->logs_out && has_session) {
        pthread_rwlock_wrlock(&flight);
        real->C_Logout(session);
        pthread_rwlock_unlock(&flight);
    }
}

void begin(const char *function, CK_SESSION_HANDLE session, struct verdict *verdict) {
    CK_SLOT_ID slot = 0;
    bool has_slot = session_slot(session, &slot);
    rules_judge(function, slot, has_slot, verdict);
    if (has_slot) prepare(verdict, slot, session, true);
}

void begin_slot(const char *function, CK_SLOT_ID slot, struct verdict *verdict) {
    rules_judge(function, slot, true, verdict);
    prepare(verdict, slot, 0, false);
}

CK_RV finish(const struct verdict *verdict, CK_RV code, CK_BYTE *output, CK_ULONG *length) {
    if (verdict->replaces) return verdict->code;
    if (code != CKR_OK || output == NULL) return code;
    CK_ULONG count = length != NULL ? *length : 0;
    if (verdict->garbles && count > 0) output[count / 2] ^= 1;
    if (verdict->shortens > 0 && length != NULL) *length = count > verdict->shortens ? count - verdict->shortens : 0;
    return code;
}
